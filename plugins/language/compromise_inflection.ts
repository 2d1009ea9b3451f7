import nlp from "compromise/two";

/** The functions of compromise that inflect a single word; its types say only `object`. */
interface Transform {
  readonly noun: {
    toPlural(singular: string, model: object): string;
    toSingular(plural: string, model: object): string;
  };
  readonly verb: {
    conjugate(infinitive: string, model: object): Conjugation;
    toInfinitive(word: string, model: object, tense?: string): string;
  };
  readonly adjective: {
    toComparative(base: string, model: object): string;
    toSuperlative(base: string, model: object): string;
  };
}

/** A verb's forms, as compromise calls them. */
export interface Conjugation {
  readonly PastTense: string;
  readonly PresentTense: string;
  readonly Gerund: string;
  /** Where it differs from the past tense. */
  readonly Participle?: string;
}

const model = nlp.model();
const { noun, verb, adjective } =
  (nlp.methods() as { two: { transform: Transform } }).two.transform;

/** A noun's plural. */
export function toPlural(singular: string): string {
  return noun.toPlural(singular, model);
}

/** A noun's singular; a singular may come out cut short. */
export function toSingular(plural: string): string {
  return noun.toSingular(plural, model);
}

/** A verb's forms. */
export function conjugate(infinitive: string): Conjugation {
  return verb.conjugate(infinitive, model);
}

/** A verb's infinitive. */
export function toInfinitive(word: string): string {
  return verb.toInfinitive(word, model);
}

/** `"bigger"` of `"big"`, also of adjectives that have no such form. */
export function toComparative(base: string): string {
  return adjective.toComparative(base, model);
}

/** `"biggest"` of `"big"`, also of adjectives that have no such form. */
export function toSuperlative(base: string): string {
  return adjective.toSuperlative(base, model);
}
