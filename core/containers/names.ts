import { randomBelow, type Random } from "../platform/random.ts";

/** What a container or volume name may be: "[a-zA-Z0-9][a-zA-Z0-9_.-]", two characters at least. */
export const restrictedName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
/** The same, as Docker's messages write it. */
export const restrictedNameChars = "[a-zA-Z0-9][a-zA-Z0-9_.-]";

const adjectives = (
  "admiring adoring affectionate agitated amazing angry awesome beautiful blissful bold boring brave busy charming " +
  "clever compassionate competent condescending confident cool cranky crazy dazzling determined distracted dreamy " +
  "eager ecstatic elastic elated elegant eloquent epic exciting fervent festive flamboyant focused friendly frosty " +
  "funny gallant gifted goofy gracious great happy hardcore heuristic hopeful hungry infallible inspiring intelligent " +
  "interesting jolly jovial keen kind laughing loving lucid magical modest musing mystifying naughty nervous nice " +
  "nifty nostalgic objective optimistic peaceful pedantic pensive practical priceless quirky quizzical recursing " +
  "relaxed reverent romantic sad serene sharp silly sleepy stoic strange stupefied suspicious sweet tender thirsty " +
  "trusting unruffled upbeat vibrant vigilant vigorous wizardly wonderful xenodochial youthful zealous zen"
).split(" ");

/** People who made ships, harbours, maps, computers and the sciences behind them. */
const surnames = (
  "abel agnesi amdahl ampere apgar archimedes babbage backus bardeen bartik bell bernoulli bessemer bohr boole borg " +
  "bose brahe brunel carson carver cauchy cerf chandrasekhar clarke conway cook cori curie cray dalton darwin davinci " +
  "dijkstra dirac drake dunlop earhart easley edison einstein engelbart erdos euclid euler faraday fermat fermi " +
  "feynman franklin galileo galois gauss germain goddard goldberg goodall haibt hamilton harrison hawking heisenberg " +
  "hellman henson hermann herschel hertz hodgkin hollerith hoover hopper hypatia jackson jemison jennings johnson " +
  "joliot kalam kapitsa keldysh keller kepler khayyam kilby knuth lalande lamarr lamport leakey leavitt lederberg " +
  "lewin liskov lovelace lumiere mahavira mayer mccarthy mcclintock mclean mendel mendeleev meninsky mercator " +
  "merkle mestorf mirzakhani montalcini moore morse murdock napier nash neumann newton nightingale nobel noether " +
  "noyce panini pare pascal pasteur payne perlman pike poincare poitras proskuriakova ptolemy raman ramanujan " +
  "rhodes ride ritchie robinson roentgen rosalind rubin saha sammet sanderson satoshi shamir shannon shaw shirley " +
  "shockley sinoussi snyder solomon spence stonebraker sutherland swanson swartz swirles taussig tereshkova tesla " +
  "tharp thompson torvalds tu turing varahamihira vaughan visvesvaraya volhard wescoff wilbur wiles williams " +
  "wilson wing wozniak wright wu yalow yonath zhukovsky"
).split(" ");

/** A name for a container without one: "happy_noether"; with a digit at the end once it had to be drawn again. */
export function generateName(random: Random, attempt: number): string {
  const name = `${adjectives[randomBelow(random, adjectives.length)]}_${surnames[randomBelow(random, surnames.length)]}`;
  return attempt > 0 ? `${name}${randomBelow(random, 10)}` : name;
}
