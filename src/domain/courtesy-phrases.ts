/** Words of polite phrases. A phrase is matched as a whole, and says nothing of the work. */

const addressees =
  '(?:dev|pm|qa|dm|innovator|coach|developer|project[- ]manager|quality[- ]assurance|decision[- ]maker|creative[- ]innovator|process[- ]coach|team|everyone|everybody|all|both|folks|friends?|colleagues?|guys|there|mate|sir)';

/** `@name` of anybody. */
export const addressed = /(?<![\p{L}\p{N}])@[\p{L}\p{N}-]+/gu;

const very =
  '(?:so|very|really|truly|much|indeed|quite|pretty|super|extremely|incredibly|absolutely|totally|completely|perfectly|just|also|certainly|definitely|always|a lot|a bunch|a ton|again|once more|once again|most|too|as always|as ever|as well|very much|now|sincerely|deeply|greatly|kindly|fully|wholeheartedly|entirely|such|as usual|in advance|and)';
const good =
  '(?:great|good|nice|perfect|excellent|wonderful|fantastic|awesome|amazing|brilliant|lovely|superb|helpful|useful|valuable|insightful|thoughtful|thorough|detailed|crystal clear|clear and detailed|quick|fast|prompt|kind|careful|outstanding|cool|sweet|neat|fine|reasonable|sensible|spot on|on point|comprehensive|right|correct|fair|well put|well said|well written|wise|impressive|appreciated|terrific|solid|sound|beautiful|encouraging|reassuring|generous|considerate|constructive|productive|pleasant|true)';
const thing =
  '(?:review|help|feedback|explanation|details?|answer|reply|response|update|work|job|effort|efforts|time|patience|heads[- ]up|info|information|clarification|input|insights?|suggestions?|analysis|summary|fix|support|idea|ideas|point|points|catch|news|question|thinking|advice|guidance|attention|collaboration|cooperation|teamwork|contribution|contributions|words|message|note|notes|plan|approach|thoughts|assistance|perspective|discussion|conversation|exchange|chat|context|one|stuff|call|success|confirmation|kindness|dedication|diligence|attention to detail|hard work)';
const doing =
  '(?:explaining|clarifying|confirming|reviewing|checking|looking into|looking at|taking care of|handling|sharing|fixing|helping|helping out|helping me|helping us|pointing out|letting me know|letting us know|getting back to me|getting back to us|being|doing|taking the time|taking the time to explain|taking the time to review|taking the time to look at|working on|working with me|working with us|writing|answering|responding|asking|the time you took|everything you do|everything you did|all you do)';
const owner =
  '(?:the|your|you|this|that|these|those|it|all|all of|of|everyone|such|a|an|our|my|his|her|their|everything|so|for|on|with|me|us)';
const things = `(?:(?:${owner}|${very}|${good}|${doing}|${thing}|quickly|clearly|here|today)(?: |$))+`;
const who = `(?:(?:to )?(?:you|${addressees})(?: ${addressees})?)`;
const i = '(?:(?:i|we)(?: (?:am|are|have|would|will|do|also|just|both))? )';
const verys = `(?:${very} )*`;
const adverbs = `(?: (?:${very}|${who}))*`;
const it = '(?:that|this|it|these|those|all of that|everything|all|which|what you say|what you said)';
const asked =
  '(?:if|should|when|whenever|in case|anything|something|any|ever|you|anybody|anyone|i|we|can|could|need|needs|have|has|want|wants|would like|there|is|are|be|do|more|further|other|else|additional|questions?|help|assistance|support|concerns?|comes up|come up|came up|with|from me|from us|from my side|on this|about it|at all|or|of|to|me|us|feedback|clarification|in the future|later|along the way|going forward|else comes up)';
const pleaseDo = '(?:please |just |always |and |so |as always )*';

const goods = `${good}(?:(?: and)? ${good})*(?: ${thing})?`;
const patterns = [
  // Thanks
  `${i}?${verys}(?:thanks|thank you|thank|thx|thankyou|many thanks|big thanks|a big thank you|special thanks|ty|tysm|cheers|kudos|props|danke(?: (?:schön|dir|euch|ihnen|sehr))?|vielen dank|merci|gracias)${adverbs}(?: for ${things}| to ${addressees})?${adverbs}`,
  `(?:(?:i|we) (?:(?:am|are|do) )?|it is |that is )?${verys}(?:appreciate|appreciated|grateful|thankful|obliged)${adverbs}(?: (?:for )?${things})?${adverbs}`,
  `${things}(?:is|are|was|were) ${verys}(?:appreciated|welcome)${adverbs}`,
  `${i}${verys}(?:want|wanted|like|wish) to (?:say|express) (?:a )?(?:(?:big|huge|special|sincere|heartfelt|my|our) )*(?:thanks|thank you|gratitude|appreciation)${adverbs}(?: for ${things})?`,
  // Welcome
  `(?:you are|you were) ${verys}welcome${adverbs}`,
  `(?:no|not a) (?:problem|worries|worry)(?: at all)?`,
  `(?:(?:it was|it is|it has been|the) )?(?:(?:my|a|all mine|the|always a|an absolute|a real|truly a) )?(?:pleasure|joy)(?: (?:is|was) (?:all )?mine)?(?: (?:working|talking|collaborating|chatting|doing this)(?: with)?(?: ${who})?)?${adverbs}`,
  `(?:do not mention it|any ?time|likewise|same here|same to you|you too|and you too|to you too|right back at you|the feeling is mutual|mutual|not at all)${adverbs}`,
  `${i}?${verys}(?:glad|happy|pleased|delighted|thrilled|relieved|excited)(?: (?:i|we|that|to|it|this|could|can|was|is|were|you|be|have been|of|helped|helps|help|hear|see|know|assist|assistance|like|liked|find|found|useful|helpful|service|all|everything|worked out|so|agree|with|on this|again|more|further|your|answer|review|the|makes sense|clear))*${adverbs}`,
  // Agreement and praise
  `(?:${i}|yes )?${verys}(?:agree|agreed|concur)(?: (?:with|on|about) (?:you|that|this|it|everything|all of it|both|both of you|all of that|every point|your points?|all points|your assessment|your analysis|what you said|${addressees}|all of this|the above|you on this|you on that|you there|you completely|you all))?${adverbs}`,
  `(?:yes )?${verys}(?:exactly|absolutely|definitely|certainly|indeed|precisely|of course|sure|sure thing|surely|ok|okay|alright|all right|right|understood|got it|noted|roger|ack|acknowledged|will do|fair enough|fair point|same|true|very true|so true|makes sense|i see|copy that|works for me|fine by me|fine with me|good with me|great|yay|hooray|wow|well done|bravo|congrats|congratulations|hats off|deal|(?:i )?could not agree more(?: with you)?|(?:it (?:is|has been|is been|was) )?(?:great|good|nice|lovely|wonderful) (?:working|talking|collaborating) with you|well said|nothing to add|no objections?|no further questions|no questions)(?: (?:from (?:me|my side|here)|on my side|here))?${adverbs}`,
  `${i}(?:have )?(?:nothing|no more) (?:else |more |further )?to add(?: (?:here|from my side|for now|at this point))?`,
  `(?:${it}|(?:your|the|this|that|these|those) (?:${verys}(?:${good} )*${thing})) (?:(?:all|both|would|will) )*(?:is|are|was|were|be|sounds?|looks?|seems?|feels?|has been|have been) (?:like )?(?:(?:a|an|of) )?${verys}${goods}(?: (?:to|for|with|by|of) (?:me|us|you))?${adverbs}`,
  `(?:sounds|looks|seems|feels) (?:like (?:a )?)?${verys}${goods}(?: (?:to|for|with) (?:me|us))?${adverbs}`,
  `(?:${it} )?(?:all )?(?:makes?|made) (?:(?:a lot of|total|perfect|complete|full|good|much|so much|great) )*sense(?: (?:to|for) (?:me|us))?${adverbs}`,
  `(?:${it} )?(?:really |certainly |surely )*(?:helps|helped)(?: (?:a lot|me|us|so much|very much|a great deal|tremendously|immensely))*${adverbs}`,
  `(?:what )?(?:an? )?${verys}(?:${good}(?: and)? )+${thing}?(?: (?:on|with|of) (?:this|that|it|you|yours))?${adverbs}`,
  `(?:what )?(?:an? )?${verys}${good}${adverbs}`,
  `(?:you|you all|you both) (?:are|have been|were|did|do) (?:(?:a|an|the|of) )?${verys}(?:(?:${good}|the best|a star|a lifesaver|help)(?: |$))+(?:${thing})?(?: to (?:me|us))?${adverbs}`,
  `(?:please )?keep up (?:the|your) (?:${good} )*work`,
  `${i}(?:will )?(?:keep|bear) (?:that|this|it) in mind`,
  `${i}(?:really |also )*(?:like|love|enjoyed|enjoy|value) (?:it|that|this|working with you|this conversation|our (?:discussion|collaboration|conversation)|your (?:${good} )*${thing})${adverbs}`,
  // Goodbye and offers
  `(?:${i}|you )?(?:hope|wish)?(?: you)? ?(?:all )?(?:too )?(?:have|enjoy) (?:(?:a|an|the|your|yourself|rest|of|${good}|relaxing|restful|productive|rest of) )+(?:day|evening|weekend|week|night|morning|afternoon|time|one|break|holiday|holidays)(?: (?:ahead|too|as well|off))?${adverbs}`,
  `(?:${i})?wish(?:ing)? (?:you|everyone|the team)(?: all)? (?:(?:a|the|all|very|${good}|productive) )*(?:day|evening|weekend|week|luck|best|success|rest of your day)(?: ahead)?`,
  `(?:good|bye|bye)(?: ?(?:bye|night|luck|day|evening|morning))+${adverbs}`,
  `(?:bye|goodbye|farewell|so long|see you|see ya|ciao|later|take care|stay well|stay safe|all the best|best|best regards|kind regards|warm regards|regards|best wishes|yours|sincerely|until (?:then|next time|later|tomorrow)|talk (?:to you )?(?:soon|later)|catch you later|speak soon|over and out|signing off|happy coding|onwards|onward)(?: (?:soon|later|tomorrow|around|next time|then|for now|on the next one|again))*${adverbs}`,
  `(?:${i})?${verys}look(?:ing)? forward to (?:(?:working|talking|collaborating|hearing|it|that|this|more|seeing|our|the|your|next|continuing|collaboration|teamwork|with|to|from|you|again|soon|further|future|together|all|work|conversation|one|back|time|chat|discussion)(?: |$))+`,
  `${pleaseDo}(?:let (?:me|us) know|feel free to (?:ask|reach out|contact me|ping me|ask me|get in touch|write)|do not hesitate(?: to (?:ask|reach out|contact me|ping me|ask me|get in touch|let me know))?|reach out|ping me|give me a shout|i am (?:always |right )?(?:here|around|available|happy to help|glad to help|happy to assist|ready to help))(?: (?:any ?time|again|at any time|for you|to help|to assist|whenever you need me))*(?: (?:if|should|when|whenever|in case) (?:${asked}(?: |$))+)?`,
];
/** With an "if" behind it, a polite end; without, it is said because somebody wants something. */
const bareRequest =
  /^(?:please |just |always |and |so |as always )*(?:let (?:me|us) know|ping me|reach out|i am (?:always |right )?(?:here|around|available))$/;

/** Each matches a whole polite phrase, in lower case and without short forms. */
export const courtesies: readonly { test(phrase: string): boolean }[] = patterns.map((pattern) => {
  const whole = new RegExp(`^(?:${pattern})$`, 'u');
  return { test: (phrase) => whole.test(phrase) && !bareRequest.test(phrase) };
});

/** What may stand between polite phrases and is none: a name, a greeting, a little word. */
export const fillers = new RegExp(
  `^(?:${addressees}|hi|hello|hey|dear|oh|ah|ahh|well|yes|yeah|yep|yup|and|so|then|again|too|also|as well|for now|now|indeed|once again|in any case|anyway|that said|from my side|here)$`,
  'u',
);
