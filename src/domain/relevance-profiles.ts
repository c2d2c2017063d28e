import type { AgentRole } from './agent.ts';

/**
 * What a role is there for, as the beginnings of words and as phrases: `test` stands for tests and testing too, `bug$` for
 * that word alone. Two of `clear` and `likely` are enough to be certain, one of them with two of `hint` is as well or nearly.
 */
export type RelevanceProfile = {
  readonly clear: readonly string[];
  readonly likely: readonly string[];
  readonly hint: readonly string[];
};

export const relevanceProfiles: Readonly<Record<AgentRole, RelevanceProfile>> = {
  developer: {
    clear: terms`
      implement; refactor; stack ?trace; null pointer; compil; debug; segfault; typescript; syntax error; type error;
      traceback; source code; write (?:a|the|me a) (?:small )?(?:function|script|class|method|program);
      merge conflict; build (?:fails|failed|is red|breaks|is broken); in (?:this|the|our) code; npm; pip install;
      memory leak; regular expression; regex; sql query; exception; undefined; crash; source ?code; line \d+;
      port (?:it|the|this) .{0,40} to; upgrade .{0,30}(?:to|the); backend; front-?end; encoding; connection pool;
      mock (?:the|a|out); command line; address already in use; callback; recursion; webpack; vite$; eslint; lint;
      kubernetes; container; makefile; unit of code; pointer; garbage collect; data structure; serializ; hangs?$;
      freezes?$; layout; (?:add|write) (?:a|an) (?:flag|option|parameter|field|route|endpoint|column|command|button);
      hot ?fix; patch$; code base; git (?:rebase|bisect|merge|log); rebase; deadlock; race condition; time ?out;
      timeouts; hard-?coded; technical debt; tech debt; architecture; big o$; unused imports?; websocket; proxy;
      heartbeat; constructor; inherit; http client; stream is; smaller image; image (?:is|has) .{0,20}(?:gb|mb);
      float; cors; console says; white page; blank page; local time; time ?zones?; sorted? by;
      (?:move|extract|pull) .{0,50} (?:into|out of) (?:the|a|their|its|an?|its own|their own) ?(?:own )?(?:file|component|module|class|function|package);
      (?:make|get) (?:it|this|that|the .{1,30}) (?:smaller|faster|compile|work|run);
      does(?:n't| not) (?:work|start|compile|load|render|respond);
      how (?:do|can|would|should) (?:i|we|you) (?:call|load|parse|store|cache|buffer|handle|pass|convert|render|test|mock|access|iterate|configure|install|set up|connect);
      why (?:does|is|do) (?:the|this|it|my) .{0,60}(?:return|throw|fail|print|null|empty|slow|hang|stop|not);
      (?:replace|remove|delete|rename|extract|inline|add|introduce|expose|support) (?:the|a|an|this|that|all|every);
      off by one; stack overflow; out of memory; 4\d\d$; 5\d\d$; \w+\(\); --[a-z]+
    `,
    likely: terms`
      code; function; class$; method; variable; endpoint; api; library; dependenc; package; module; database;
      migration; query; schema; server; script; bug; fix; error; branch; commit; repository; json; yaml; css; html;
      python; javascript; java$; rust$; react; docker; cache; loop; parse; rename; button; log (?:every|all|each);
      return; config; algorithm; thread; async; deploy; regression; flaky; injection; hook; slow$;
      [a-z_]+\.(?:ts|js|py|rs|go|java|css|html|json|sql)$; terminal; browser; app$; sdk; node$; windows; linux; unix;
      template; upload; download; connection; postgres; redis; sqlite; websocket; http; https; cors; cookie; session;
      token; string; integer; array; object$; interface; generic; type$; types$; parameter; argument$; event;
      listener; queue; worker; job$; cron; cli$; flag; compile; runtime; framework; plugin; import; export; render;
      component; stylesheet; responsive; memory; cpu; latency; performance; index$; transaction; lock$; lines?$;
      maintain; backend; program; rounds?$ .{0,10}(?:up|down|before); request; response; header; body$; timeout;
      output; input; stdout; log$; logs$; logging; path$; folder; directory; environment variable; legacy; software;
      feature flag; start(?:s|ed)? the; open(?:s)? a; screen; click; retries; retry; client$; buffer; stream; sort;
      list$; field; constants?$; image$; disconnects?; sent$; (?:an? )?hour (?:late|early); store$; stored; skip;
      drop-?down; scroll; keyboard; tab$; pixel; font; menu; toggle; checkbox; link$; url; e-?mail; cents; unicode;
      bytes?; gb$; mb$; ms$; kb$; port$; socket; ssl; certificate; dns; firewall; nginx; aws; s3; bucket; lambda;
      terraform; helm; graphql; rest$; grpc; protobuf; orm; join$; table$; column; row$; key$; hash; swift; kotlin;
      php; ruby; perl; golang; c\+\+; bash; shell; ansi; locale; editor; ide$; snippet; comment; documentation;
      readme; changelog; version control; tag$
    `,
    hint: terms`
      file; page; form$; add$; change; run$; fail; version; install; format; field; list$; tool; image; machine;
      cents; share$; keep$; maintain; clean; work$; works$; start$; stop$; old$; please; probably; since; behind;
      expose; own
    `,
  },
  'project-manager': {
    clear: terms`
      milestone; deadline; roadmap; schedule; stakeholder; backlog; sprint; time ?line; acceptance criteria;
      project plan; progress report; status (?:report|update); scope;
      who (?:is responsible|does what|takes over|owns);
      when (?:will|is|can|do|does|are|shall) .{0,60}(?:ready|done|finished|shipped|delivered|released|available|live);
      how long (?:will|does|do|is); behind (?:plan|schedule); priorit; status of the;
      break (?:it|the task|this|that) down; estimate; requirement; go live; where do we stand;
      (?:next|coming|this) (?:version|release) (?:will|is going to|should) (?:contain|include|have);
      who (?:takes|does|will do|works on|is on); promise .{0,30}for; go-live; kick-?off; deliverable; work package;
      gantt; critical path; what(?:'s| is) next; next steps?; still missing until; on (?:our|my|the) plate;
      user stor; mvp$; minimum viable; change request; sign-?off; on time; in time; eta$; due (?:date|on|by);
      out of scope; in scope; how far (?:are|is); when (?:do|will|can|are|is) (?:we|it|you|they); road map; capacity;
      dependencies between; overdue; hand in; progress; until when;
      part of (?:this|the) (?:project|release|phase|scope|version); rough(?:ly)? (?:estimate|guess); who is going to;
      on top of the list; to the end of the list; summari[sz]e for; (?:for|to) the board; before the fair;
      what do (?:i|we) tell (?:them|the|him|her); (?:affect|change) (?:the|our) (?:plan|schedule|date);
      (?:is|are|what is|what was) (?:late|finished|left|open); at the very least; (?:new|more) wish(?:es)?;
      can (?:i|we) get .{0,30}(?:date|estimate|overview|update); what (?:is|are) (?:left|open|outstanding|missing);
      how (?:many|much) (?:days|weeks|hours|time|work|effort);
      by (?:when|monday|tuesday|wednesday|thursday|friday|tomorrow|the end of);
      next (?:week|month|quarter|phase|milestone|sprint|release); depends on
    `,
    likely: terms`
      plan$; plans$; planned; planning; phase; project; customer; client; release; deliver; assign; task; epic;
      story; budget; resource; responsib; progress; status; first (?:release|version); version 1; must have; a must;
      can (?:it|that|this) wait; ready; date$; week; month; in (?:which|what) order; goal; management; postpone;
      delay; ship$; launch; demo$; sales; legal; contract; order$; promise; agreed; offer; vouchers?; newsletter;
      user needs; business; market; steps?$; missing; accept; who$; parts?$; move .{0,40} (?:to|after|before);
      organi[sz]e; coordinat; meeting; today; until; quarter; year; spring; summer; autumn; winter; january;
      february; april; june; july; august; september; october; november; december; users? (?:want|need|ask);
      needs? to know; wants? to know; what does (?:it|this|that) mean for; effort; workload; on track; at risk;
      blocked; blocker; dependency; partner; boss; ceo$; investor; headcount; people$; version; fair$; booth; board$;
      manual; wishes; summari; finished; late$; answer(?:ed)? for; start working; training; rollout; pilot; beta;
      vendor; tell them; make (?:that|it|this) possible; called; asks? for; asked for; drop the feature; feature;
      overview; agenda; call with; report; share with; hand over; hire; holiday; vacation;
      who (?:is|will|can|could|should); part of
    `,
    hint: terms`
      later; first$; order; team; friday; tomorrow; monday; want; expect; done; feature; cut$; we have$; after$;
      before$; thing; days?$; hours?$; next$; still$; new$; today; phase; before; otherwise
    `,
  },
  'quality-assurance': {
    clear: terms`
      test (?:case|plan|coverage|data); edge case; regression; coverage; vulnerab; attack; security; flaky; quality;
      code review; review (?:the|my|this|these|our|it); pull request; risk; verif; injection; could go wrong;
      can go wrong; untested; is .{0,30}tested; defect; assertion; corner case; exploit; acceptance test; qa$;
      what happens (?:if|when|with); test(?:s)? (?:is|are) missing; what .{0,20}(?:checks|tests) .{0,20}not;
      lacks? tests?; malicious; hole$; holes$;
      (?:has|did|have) (?:anybody|anyone|somebody|someone|you) (?:checked|tried|tested|verified); nothing proves;
      look over; double-?check; how sure are we; can we be sure; scenario; by hand before; smoke test; load test;
      stress test; penetration; fuzz; sanit; tested; un(?:checked|validated); loses? data; data loss; lose data;
      let through; slip(?:ped)? through; false positive; exploitable; xss$; csrf; owasp; checklist; acceptance;
      test (?:for|of|passes|fails|suite|run); proof; sign off on; bypass; what else could; robust;
      production incident; post-?mortem; fails? silently; severity; reproduce; steps to reproduce; boundary;
      negative number; invalid input; try to break; break it; (?:a|any|no|one|the) tests? (?:that|for|which);
      wrote a test; before it goes out; too confident; (?:any|what|which|the) risks?; only sometimes; reliabl;
      which checks; checks? (?:have|has) to; a guest can; can see the;
      ends up in the (?:url|log|logs|response|page|cookie|browser); would a review;
      go through the (?:pull|change|code|diff); (?:whether|if) anything is missing;
      what if (?:the|a|an|somebody|someone|two|nobody);
      (?:twice|at once|in the middle|half ?way|while .{1,40} is (?:running|saving|loading));
      did (?:anyone|anybody|somebody|someone|you) (?:test|try|check|verify);
      (?:strange|huge|broken|corrupt|malformed) (?:files?|input|data);
      has .{0,30}been (?:tested|reviewed|checked|verified); (?:safe|dangerous) to; without (?:a |any )?tests?;
      not tested; accidental
    `,
    likely: terms`
      test; review; bug; check; validat; correct$; safe$; unsafe; password; leak; secret; audit; race$;
      at the same (?:time|moment); too (?:large|long|big|many); empty; worried; fails? sometimes; suite; reproduc;
      go wrong; went wrong; good enough; ci$; second pair; merge (?:it|them|this); missing; trust; prove; expire;
      diff$; windows and; umlaut; unicode; accepts?$; in the future; passes; even when; delete; power fails;
      before the launch; user would; evidence; monitor; alert; safe; harm; danger; guarantee; permission; access;
      encrypt; privacy; gdpr; consent; personal data; rounding; overflow; concurren; edge; special characters; null$;
      duplicate; inconsistent; contradict; mistake; carefull; sure that; hold(?:s)? on; holds$; correctness;
      wrong result; look(?:s)? right; rate limit; backup; restore; rollback; confident; guest; admin; break$;
      logs? a warning; skips?; sometimes; reliab; sure; restored; deleting; closes? the; payment;
      customer(?:'s)? (?:key|data); who can see; warning; expected; unexpected; surprising; strange; weird; inspect;
      examine; look at the; sanity; staging; production; outage; downtime; incident
    `,
    hint: terms`
      wrong; fail; problem; break; broken; error; sure$; release; limit; invalid; once more; nobody; sure; change;
      really; ever$; never$; still$; even$; also$; twice; while; any$; file
    `,
  },
  'decision-maker': {
    clear: terms`
      pros and cons; trade-?offs?; which (?:one|of (?:them|these|those|the two)); decide; decision;
      make (?:the|a) call; recommend; option [abc123]; (?:two|three|four|several|which|what|the|our) options; weigh;
      by (?:what|which) criteria; disagree; cannot agree; versus; buy or build; build or buy; go or no-go;
      torn between; choose between; what speaks (?:for|against); final say;
      should (?:we|i) (?:use|take|go with|choose|pick) .{1,60} or; settle (?:it|this|that); settled; verdict;
      yes or no; (?:safe|fast|first|second|left|right) (?:road|way|one) or; have two; offers here; half of us;
      better to .{1,60} or; do we (?:take|use|go|keep|buy|build|choose|stay|want) .{1,60} or;
      [a-z0-9]+ or [a-z0-9]+\?; (?:is|are) .{1,40} or .{1,40}(?:better|worse); pick one; one or the other;
      make up our minds?; deadlock(?:ed)? (?:between|on); tie ?break; can(?:'t| not|not) (?:decide|choose|agree);
      undecided; on the fence; either way; in favou?r of; stand ?point; justif; rationale; choose; adjudicat;
      rule on; overrule; which (?:do|should|would|shall|of|is) (?:we|you|i|the better); give reasons; say which;
      which way do we; reasons? for and against; (?:good )?arguments? (?:are|on both|for both); change your mind;
      prefers? .{1,120} prefers?; [a-z]+ or [a-z]+ ?\?;
      which of the (?:two|three|four|five|options|designs|proposals|variants|offers); have to choose; make this call;
      accept .{1,40} or (?:do|drop|reject|not); even though it costs;
      (?:should|shall|do|can|could) (?:we|i|the [a-z]+|it) .{3,60} or (?:not|should|do|stay|keep|wait|rather|is|the|a|an|just|go|use|only|drop);
      (?:is|are) simpler.{0,60}cheaper; one (?:is|of them) .{1,60}the other; first is .{1,80}second; for or against
    `,
    likely: terms`
      choose; choice; option; compare; vs$; either; pick; better; criteri; advantage; prefer; in favou?r; whether;
      worth (?:it|the); commit to; one side; should (?:we|i); vendor; provider; conflict; argument; agree; vote;
      opinion; or (?:to )?(?:keep|stay|use|rather|should); between .{1,50} and; live with both; both$; like both;
      reasons?$; savings?; saves?$; costs?$; dollars; euros?; price; risk of each; benefit; drawback; upside;
      downside; long term; short term; alternatives?; candidates?; contender; winner; preference; committee;
      consensus; two (?:ways|offers|designs|proposals|variants|solutions); instead of; rather than; or stay;
      stick with; switch to; move to; accept or; reject or; drop$; keep$; simpler; cheaper; easier; faster;
      expensive; twice as much; reasons?; against; take$; today; volume; decide; arguments?; open source; alone;
      final; stay$; position; judge; opinions?; convinc; hesitat; dilemma; compromise; cost
    `,
    hint: terms`
      or; cost; cheap; expensive; which; reason; both; fast; settle; now or; want$; take$; say$; today$; half; two$;
      three$; even; good$; certain
    `,
  },
  'creative-innovator': {
    clear: terms`
      brainstorm; creativ; innovat; out(?:side)? (?:of )?the box; alternative; fresh (?:idea|look|view); new idea;
      inspir; unconventional; unusual; crazy; completely different; nobody has (?:thought|tried); other ideas?;
      (?:question|challenge) (?:that|this|the|our) assumption; another (?:approach|way|angle); any ideas?; rethink;
      invent; imagin; how else; wild idea; name for the; suppose (?:we|there|that|you); upside down; stand out;
      slogan; suggestions?(?: for|\?); ideas? for; out of ideas; run out of; dream; catchy; imagine; from scratch;
      playful; gamif; metaphor; analog; blue sky; moonshot; wow effect; delight; mood ?board; logo$; naming; tagline;
      twist; break the rules; nobody expects; never been done; surprising;
      think (?:big|different|differently|freely); what would .{0,40} look like; reinvent; re-?imagine; differently$;
      mascot; prototype; inspiring; wild; ideas? (?:how|that|to|on|about|sound); sound(?:s)? silly;
      what would (?:this|it|that) look like; was a game; (?:something|anything) different; show us something;
      good name; name for (?:the|a|our|this); product line; avoid the whole; forget .{1,30} for a moment; celebrat;
      variants? of the same; turn (?:it|this|that|the .{1,30}) (?:around|on its head);
      without (?:any|a) (?:form|screen|login|app|menu|text|password|button)s?;
      how (?:could|might|can) we (?:surprise|delight|make .{1,30}(?:fun|exciting|special|memorable));
      what would .{1,40} do (?:instead|differently); opposite; more (?:fun|exciting|playful|interesting|original)
    `,
    likely: terms`
      idea; different (?:way|approach|angle); approach; original; novel; concept; boring; assumption; name for;
      surpris; what if; playful; fun$; unlike; stuck; look like; something (?:better|else|new); ways to; experiment;
      vision; same (?:old|as everybody|as all); looks? the same; market; competition; how would people;
      how could (?:people|users|we) .{0,40}without; without a; had no; style; theme; story; visual; art$; color;
      colour; design; marketing; campaign; customer experience; experience;
      feel(?:s)? (?:fresh|old|dated|dull|stale); dull; stale; dated; generic; other ways?; new ways?; someone tried;
      possibilit; potential; opportunit; trend; loyalty; brand; silly; game; different; variants?; celebrate; name$;
      another way; thousandth; forget; somebody new; solving; love to hear; exciting; interesting; memorable;
      personality; character; sketch; mock-?up; storytelling; viral; motto; poster; video; music; sound
    `,
    hint: terms`
      better; different; new$; design; else; other; think; competitor; suggest; whole thing; everything; people;
      turn$; would$; how could; way to; moment; sign-up
    `,
  },
  'process-coach': {
    clear: terms`
      retrospective; bottleneck; how we work; way (?:that )?we work; our process; efficien; lessons? learn; workflow;
      productiv; wast(?:e|ed|ing) .{0,20}(?:time|prompts|rounds|effort); (?:spent|used|burned) .{0,20}prompts;
      the process; velocity; throughput; slows? us down; figures of the team; team .{0,20}(?:perform|doing);
      same mistakes?; cycle time; hand-?over; in common; (?:over|under) budget; as a team;
      (?:most|fewer|less|too many) (?:prompts|discussions|meetings|rounds|messages|iterations); (?:we|you) learn;
      what did we learn; talk more than; fewer discussions; root cause of our;
      how (?:do|can|could|should) we (?:work|collaborate|get better|improve|be more|get by|avoid); ways? of working;
      work (?:better )?together; agile; kanban; retro$; continuous improvement; self-?assess;
      team (?:health|spirit|metrics|figures); success rate; prompts? per; cost per task; dollars per; per task;
      our (?:habits?|routine|rituals?|practice|practices|discipline); keep (?:doing|making|repeating|running into);
      last (?:five|ten|three|four|few) tasks; inefficien; time is lost; lose time; lost time; spend too; improvement;
      last (?:twenty|dozen|\d+|two|six|seven|eight) (?:tasks|projects|phases|weeks|rounds);
      (?:needed|took|take|need) (?:two|three|four|five|many|more|so many|\d+) (?:rounds|attempts|iterations|tries);
      bad numbers; should (?:the|our) team change; of our prompts;
      organi[sz]e (?:that|this|it|ourselves|our work) (?:better|differently); wait for each other;
      take from this (?:project|phase); changed half ?way; go(?:es)? into (?:reviews|meetings|discussions|rework);
      per (?:cent|cent) of (?:our|the) (?:prompts|rounds|time);
      (?:our|the team's) (?:numbers|figures|rate|pace|speed|rhythm|cost); lower than (?:in|last);
      higher than (?:in|last);
      (?:better|worse) than (?:in|last) (?:week|month|cycle|january|february|march|april|may|june|july|august|september|october|november|december);
      why (?:do|are|does) (?:we|the agents|our) (?:always|so|keep|need|take|still)
    `,
    likely: terms`
      process; metric; figures; pattern; improve; habit; prompts; rounds; repeat; team; we keep; coach; cycle;
      collaborat; communicat; rejected; every (?:phase|time|round);
      how (?:can|do|could) we (?:learn|improve|get better); compared with; statistic; trend;
      too (?:many|much) (?:meetings|talk|messages|rounds); so many; learn; same kind of; in each;
      each (?:review|phase|task|time); differently; least result; uses? the most; discussions?; get by; last project;
      what do we keep; budget; on average; average; measure; numbers; compare; more often; most of the time;
      practice; routine; discipline; feedback loop; iterations?; wait(?:s|ing)? for each other; idle; context switch;
      interrupt; stress; overload; motivation; roles?$; responsibilities; agents?$; tokens?$; spend; spent; rework;
      redo; again and again; over and over; consistently; keeps? happening; root cause; reflect; experience from;
      rate$; twenty tasks; trivial; halfway; in october; agents; three rounds; reviews; reason for; change first;
      better$; pace; cadence; focus; priorities of the team; morale; estimates? (?:are|were) (?:always|often);
      too often; each other; team$
    `,
    hint: terms`
      always; again; slower; lately; often; cost; better; last (?:week|month); rule; try; we do; most$; least$;
      each$; less$; more$; together; slow; lower; higher; most of the; why; first
    `,
  },
};

/** Something is asked, wished or amiss, whoever it is for. */
export const calls = terms`
  \?; please; can (?:you|somebody|someone|anybody|anyone|we|i)$; could (?:you|somebody|someone|anybody|anyone|we)$;
  need; should; must; give me; let us; let's; help; problem; wrong; broken; not sure; unsure; unclear; worried;
  bad feeling; doubt; feels?$; strange; weird; odd$; off with; amiss; stuck; confus; wonder; hard to; too; better;
  worse; not work; does nothing; torn; tell (?:me|us); show (?:me|us); write; want; would like; concern
`;

/** It is told so that it is known, or it is about the speaker and not about the work. */
export const asides = terms`
  fyi; for your information; just so (?:that )?you know; i will be (?:back|away|late|out);
  i'll be (?:back|away|late|out); out of (?:the )?office; good (?:morning|evening); birthday; coffee; lunch;
  note to (?:my)?self; no comments?; nothing to add; my (?:train|bus|flight|dentist|doctor|kids?|dog|cat);
  on vacation; on holiday; happy (?:new year|birthday); weather; landlord
`;

/** Separated by semicolons, and as they are written: a backslash is one. */
function terms({ raw: [text = ''] }: TemplateStringsArray): readonly string[] {
  return text.split(';').map((term) => term.replaceAll(/\s+/g, ' ').trim());
}
