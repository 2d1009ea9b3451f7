const swapped = "the same words in another order, for the most part";

/** What each data set asks of a model, in a sentence. */
export const DATA_SETS: Readonly<Record<string, string>> = {
  "sugar_crepe/add_att": "An attribute that is not there is added to the caption.",
  "sugar_crepe/add_obj": "An object that is not there is added to the caption.",
  "sugar_crepe/replace_att": "An attribute of the caption becomes another one.",
  "sugar_crepe/replace_obj": "An object of the caption becomes another one.",
  "sugar_crepe/replace_rel": "A relation or an action of the caption becomes another one.",
  "sugar_crepe/swap_att": `Two attributes of the caption change places: ${swapped}.`,
  "sugar_crepe/swap_obj": `Two objects of the caption change places: ${swapped}.`,
  ...Object.fromEntries(["sugar_crepe_pp", "sugar_crepe_pp_text"].flatMap((name) =>
    Object.entries({
      replace_att: "an attribute becomes another one",
      replace_obj: "an object becomes another one",
      replace_rel: "a relation or an action becomes another one",
      swap_att: "two attributes change places",
      swap_obj: "two objects change places",
    }).map(([subset, edit]) => [
      `${name}/${subset}`,
      `Two wordings of the truth against a caption that is false, in which ${edit}.`,
    ])
  )),
  vg_relation: "Subject and object of a relation change places.",
  vg_attribution: "Two objects change over their attributes.",
  coco_order: "A caption against four shuffles of its words.",
  flickr30k_order: "A caption against four shuffles of its words.",
  winoground:
    "Two pictures and two captions of the same words in another order: which belongs to which?",
  "cola/multi_object":
    "Two pictures with objects of other attributes: each caption has to pick its picture.",
  "svo_probes/subject": "A sentence has to pick its picture; in the other the subject differs.",
  "svo_probes/verb": "A sentence has to pick its picture; in the other the verb differs.",
  "svo_probes/object": "A sentence has to pick its picture; in the other the object differs.",
  "valse/existence": "Whether something is there or not.",
  "valse/plurals": "Whether there is one or several.",
  "valse/counting-hard": "A number becomes another one.",
  "valse/counting-small-quant": "A small number becomes another one.",
  "valse/counting-adversarial": "A number becomes one that captions name more often.",
  "valse/relations": "A preposition of place becomes another one.",
  "valse/action-replacement": "An action becomes another one.",
  "valse/actant-swap": "Who acts and who is acted upon change places.",
  "valse/coreference-standard": "Whether a pronoun means what the caption says, yes or no.",
  "valse/coreference-hard": "Whether a pronoun means what the caption says, yes or no; cleaned.",
  "valse/foil-it": "A noun becomes another one.",
  mscoco_captions: "A caption looks for its picture among all, and a picture for its captions.",
  flickr30k: "A caption looks for its picture among all, and a picture for its captions.",
  imagenet1k: "A photo is sorted into a thousand classes.",
  cifar10: "A picture of 32 pixels is sorted into ten classes.",
  cifar100: "A picture of 32 pixels is sorted into a hundred classes.",
};
