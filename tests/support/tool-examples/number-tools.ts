import { failing, fields, integer, listOf, nodeTool, number, pythonTool, text } from './written-tool.ts';

export const romanNumerals = pythonTool({
  name: 'roman-numerals',
  request:
    'Turns a whole number from 1 to 3999 into a Roman numeral, and a Roman numeral into its number, whichever is given. Small letters are taken as well; numerals that are not written in the usual way (IIII, VX, IC) are errors, as are numbers outside the range.',
  input: {
    type: 'object',
    properties: { number: integer, numeral: text },
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  },
  output: fields({ number: { type: 'integer', minimum: 1, maximum: 3999 }, numeral: text }),
  examples: [
    ['a number', { number: 14 }, { number: 14, numeral: 'XIV' }],
    ['a numeral', { numeral: 'MCMXC' }, { number: 1990, numeral: 'MCMXC' }],
    ['not the usual way', { numeral: 'IIII' }, failing],
  ],
  heldOut: [
    ['the least', { number: 1 }, { number: 1, numeral: 'I' }],
    ['the most', { number: 3999 }, { number: 3999, numeral: 'MMMCMXCIX' }],
    ['small letters', { numeral: 'xlii' }, { number: 42, numeral: 'XLII' }],
    ['zero', { number: 0 }, failing],
    ['too much', { number: 4000 }, failing],
    ['negative', { number: -5 }, failing],
    ['VX', { numeral: 'VX' }, failing],
    ['IC', { numeral: 'IC' }, failing],
    ['empty', { numeral: '' }, failing],
    ['letters', { numeral: 'ABC' }, failing],
    ['444', { number: 444 }, { number: 444, numeral: 'CDXLIV' }],
  ],
  answer: `VALUES = [
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
]


def numeral_of(number):
    if not 1 <= number <= 3999:
        raise ValueError("a number has to be from 1 to 3999")
    parts = []
    for value, letters in VALUES:
        count, number = divmod(number, value)
        parts.append(letters * int(count))
    return "".join(parts)


def number_of(numeral):
    if len(numeral) > 15:
        raise ValueError("no numeral is that long")
    number, rest = 0, numeral
    for value, letters in VALUES:
        while rest.startswith(letters):
            number, rest = number + value, rest[len(letters):]
    if rest or numeral == "" or number > 3999 or numeral_of(number) != numeral:
        raise ValueError("this is no Roman numeral as it is usually written")
    return number


def answer(input):
    if "number" in input:
        number = int(input["number"])
        return {"number": number, "numeral": numeral_of(number)}
    numeral = input["numeral"].upper()
    return {"number": number_of(numeral), "numeral": numeral}
`,
  tests: `
def test_both_ways(self):
    self.check({"number": 9}, {"number": 9, "numeral": "IX"})
    self.check({"numeral": "ix"}, {"number": 9, "numeral": "IX"})

def test_refuses(self):
    self.refuses({"number": 4000})
    self.refuses({"numeral": "IIX"})
`,
});

export const statistics = pythonTool({
  name: 'list-statistics',
  request:
    'Gives count, sum, mean, median, least and greatest of a list of numbers. The median of an even count is the mean of the two in the middle. An empty list is an error: it has no mean.',
  input: fields({ numbers: listOf(number) }),
  output: fields({ count: integer, sum: number, mean: number, median: number, min: number, max: number }),
  examples: [
    ['three', { numbers: [3, 1, 2] }, { count: 3, sum: 6, mean: 2, median: 2, min: 1, max: 3 }],
    ['four', { numbers: [1, 2, 3, 10] }, { count: 4, sum: 16, mean: 4, median: 2.5, min: 1, max: 10 }],
    ['none', { numbers: [] }, failing],
  ],
  heldOut: [
    ['empty', { numbers: [] }, failing],
    ['one', { numbers: [5] }, { count: 1, sum: 5, mean: 5, median: 5, min: 5, max: 5 }],
    ['negative', { numbers: [-1, -3] }, { count: 2, sum: -4, mean: -2, median: -2, min: -3, max: -1 }],
    ['fractions', { numbers: [0.1, 0.2] }, { count: 2, sum: 0.3, mean: 0.15, median: 0.15, min: 0.1, max: 0.2 }],
    ['two digits', { numbers: [10, 9, 100] }, { count: 3, sum: 119, mean: 119 / 3, median: 10, min: 9, max: 100 }],
    ['the same', { numbers: [2, 2, 2, 2] }, { count: 4, sum: 8, mean: 2, median: 2, min: 2, max: 2 }],
    ['text', { numbers: ['1'] }, failing],
  ],
  answer: `import math
from statistics import median


def answer(input):
    numbers = input["numbers"]
    if not numbers:
        raise ValueError("an empty list has no mean")
    total = math.fsum(numbers)
    if not math.isfinite(total):
        raise ValueError("the sum is too large")
    return {
        "count": len(numbers),
        "sum": total,
        "mean": total / len(numbers),
        "median": median(numbers),
        "min": min(numbers),
        "max": max(numbers),
    }
`,
  tests: `
def test_odd(self):
    self.assertEqual(answer({"numbers": [5, 1, 3]})["median"], 3)

def test_empty(self):
    self.refuses({"numbers": []})
`,
});

export const unitConvert = pythonTool({
  name: 'convert-temperature',
  request:
    'Converts a temperature between celsius, fahrenheit and kelvin, rounded to two digits behind the point. Temperatures below the absolute zero are errors, whatever unit they are in.',
  input: fields({
    value: number,
    from: { enum: ['celsius', 'fahrenheit', 'kelvin'] },
    to: { enum: ['celsius', 'fahrenheit', 'kelvin'] },
  }),
  output: fields({ value: number }),
  examples: [
    ['boiling', { value: 100, from: 'celsius', to: 'fahrenheit' }, { value: 212 }],
    ['freezing', { value: 273.15, from: 'kelvin', to: 'celsius' }, { value: 0 }],
    ['too cold', { value: -1, from: 'kelvin', to: 'celsius' }, failing],
  ],
  heldOut: [
    ['the same unit', { value: 20, from: 'celsius', to: 'celsius' }, { value: 20 }],
    ['equal', { value: -40, from: 'fahrenheit', to: 'celsius' }, { value: -40 }],
    ['rounded', { value: 1, from: 'fahrenheit', to: 'celsius' }, { value: -17.22 }],
    ['absolute zero', { value: 0, from: 'kelvin', to: 'fahrenheit' }, { value: -459.67 }],
    ['below, in celsius', { value: -273.16, from: 'celsius', to: 'kelvin' }, failing],
    ['below, in fahrenheit', { value: -460, from: 'fahrenheit', to: 'fahrenheit' }, failing],
    ['an unknown unit', { value: 1, from: 'rankine', to: 'celsius' }, failing],
  ],
  answer: `def to_celsius(value, unit):
    return {"celsius": value, "fahrenheit": (value - 32) * 5 / 9, "kelvin": value - 273.15}[unit]


def from_celsius(value, unit):
    return {"celsius": value, "fahrenheit": value * 9 / 5 + 32, "kelvin": value + 273.15}[unit]


def answer(input):
    celsius = to_celsius(input["value"], input["from"])
    if celsius < -273.15 - 1e-9:
        raise ValueError("nothing is colder than the absolute zero")
    return {"value": round(from_celsius(celsius, input["to"]), 2)}
`,
  tests: `
def test_body(self):
    self.check({"value": 37, "from": "celsius", "to": "fahrenheit"}, {"value": 98.6})

def test_cold(self):
    self.refuses({"value": -300, "from": "celsius", "to": "kelvin"})
`,
});

export const baseConvert = pythonTool({
  name: 'convert-base',
  request:
    'Writes a whole number that is given as text in one base in another base, each from 2 to 36, with small letters as digits. Capital letters are taken as well, and a minus in front. The number may be of any length up to 200 digits and is never rounded. Text that is no number of its base is an error.',
  input: fields({
    number: { type: 'string', maxLength: 201 },
    from: { type: 'integer', minimum: 2, maximum: 36 },
    to: { type: 'integer', minimum: 2, maximum: 36 },
  }),
  output: fields({ number: text }),
  examples: [
    ['to binary', { number: '10', from: 10, to: 2 }, { number: '1010' }],
    ['from hexadecimal', { number: 'FF', from: 16, to: 10 }, { number: '255' }],
    ['no digit', { number: '2', from: 2, to: 10 }, failing],
  ],
  heldOut: [
    ['zero', { number: '0', from: 10, to: 36 }, { number: '0' }],
    ['negative', { number: '-255', from: 10, to: 16 }, { number: '-ff' }],
    ['large', { number: '123456789012345678901234567890', from: 10, to: 16 }, { number: '18ee90ff6c373e0ee4e3f0ad2' }],
    ['leading zeros', { number: '0010', from: 2, to: 10 }, { number: '2' }],
    ['the last digit', { number: 'zz', from: 36, to: 10 }, { number: '1295' }],
    ['empty', { number: '', from: 10, to: 2 }, failing],
    ['a minus alone', { number: '-', from: 10, to: 2 }, failing],
    ['a point', { number: '1.5', from: 10, to: 2 }, failing],
    ['base one', { number: '1', from: 1, to: 10 }, failing],
    ['a space', { number: '1 0', from: 10, to: 2 }, failing],
  ],
  answer: `import re

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def answer(input):
    number = input["number"].lower()
    allowed = DIGITS[: int(input["from"])]
    if not re.fullmatch(f"-?[{allowed}]+", number):
        raise ValueError(f"this is no number of base {input['from']}")
    return {"number": written(int(number, int(input["from"])), int(input["to"]))}


def written(value, base):
    digits, rest = [], abs(value)
    while rest:
        rest, digit = divmod(rest, base)
        digits.append(DIGITS[digit])
    return ("-" if value < 0 else "") + ("".join(reversed(digits)) or "0")
`,
  tests: `
def test_converts(self):
    self.check({"number": "7", "from": 8, "to": 2}, {"number": "111"})

def test_refuses(self):
    self.refuses({"number": "9", "from": 8, "to": 2})
`,
});

export const mergeIntervals = pythonTool({
  name: 'merge-intervals',
  request:
    'Merges intervals of whole numbers, each given as [start, end] with both ends in it: those that overlap or touch at the same number become one. The result is in the order of the starts. An interval whose start is behind its end is an error.',
  input: fields({ intervals: listOf({ type: 'array', items: integer, minItems: 2, maxItems: 2 }) }),
  output: fields({ intervals: listOf({ type: 'array', items: integer, minItems: 2, maxItems: 2 }) }),
  examples: [
    [
      'overlapping',
      {
        intervals: [
          [1, 3],
          [2, 5],
          [7, 8],
        ],
      },
      {
        intervals: [
          [1, 5],
          [7, 8],
        ],
      },
    ],
    [
      'touching',
      {
        intervals: [
          [4, 6],
          [1, 4],
        ],
      },
      { intervals: [[1, 6]] },
    ],
    ['the wrong way', { intervals: [[3, 1]] }, failing],
  ],
  heldOut: [
    ['none', { intervals: [] }, { intervals: [] }],
    ['one', { intervals: [[2, 2]] }, { intervals: [[2, 2]] }],
    [
      'within',
      {
        intervals: [
          [1, 10],
          [2, 3],
          [4, 5],
        ],
      },
      { intervals: [[1, 10]] },
    ],
    [
      'next to each other',
      {
        intervals: [
          [1, 2],
          [3, 4],
        ],
      },
      {
        intervals: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    [
      'negative',
      {
        intervals: [
          [-5, -1],
          [-2, 3],
        ],
      },
      { intervals: [[-5, 3]] },
    ],
    [
      'the same twice',
      {
        intervals: [
          [1, 2],
          [1, 2],
        ],
      },
      { intervals: [[1, 2]] },
    ],
    [
      'order of numbers',
      {
        intervals: [
          [100, 101],
          [9, 10],
        ],
      },
      {
        intervals: [
          [9, 10],
          [100, 101],
        ],
      },
    ],
  ],
  answer: `def answer(input):
    merged = []
    for start, end in sorted(input["intervals"]):
        if start > end:
            raise ValueError(f"the interval [{start}, {end}] ends before it starts")
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return {"intervals": merged}
`,
  tests: `
def test_merges(self):
    self.check({"intervals": [[5, 6], [1, 5]]}, {"intervals": [[1, 6]]})

def test_refuses(self):
    self.refuses({"intervals": [[2, 1]]})
`,
});

export const hexToRgb = nodeTool({
  name: 'hex-to-rgb',
  request:
    'Turns a colour as CSS writes it in hexadecimal digits (#rgb, #rgba, #rrggbb or #rrggbbaa, with or without the #, small or capital letters) into red, green and blue from 0 to 255 and alpha from 0 to 1, rounded to three digits. Everything else is an error.',
  input: fields({ color: text }),
  output: fields({ red: integer, green: integer, blue: integer, alpha: { type: 'number', minimum: 0, maximum: 1 } }),
  examples: [
    ['six', { color: '#ff8000' }, { red: 255, green: 128, blue: 0, alpha: 1 }],
    ['three', { color: '0f0' }, { red: 0, green: 255, blue: 0, alpha: 1 }],
    ['a name', { color: 'red' }, failing],
  ],
  heldOut: [
    ['eight', { color: '#00000080' }, { red: 0, green: 0, blue: 0, alpha: 0.502 }],
    ['four', { color: '#f008' }, { red: 255, green: 0, blue: 0, alpha: 0.533 }],
    ['capitals', { color: '#ABCDEF' }, { red: 171, green: 205, blue: 239, alpha: 1 }],
    ['five', { color: '#12345' }, failing],
    ['empty', { color: '' }, failing],
    ['a cross alone', { color: '#' }, failing],
    ['no digit', { color: '#ggg' }, failing],
    ['transparent', { color: '#0000' }, { red: 0, green: 0, blue: 0, alpha: 0 }],
  ],
  answer: `export function answer({ color }) {
  const digits = /^#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(color)?.[1];
  if (digits === undefined) throw new Error('this is no colour in hexadecimal digits');
  const all = digits.length <= 4 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const [red, green, blue, alpha = 255] = all.match(/../g).map((pair) => parseInt(pair, 16));
  return { red, green, blue, alpha: Math.round((alpha / 255) * 1000) / 1000 };
}
`,
  tests: `
test('reads six digits', () => check({ color: '#010203' }, { red: 1, green: 2, blue: 3, alpha: 1 }));
test('refuses', () => refuses({ color: 'blue' }));
`,
});
