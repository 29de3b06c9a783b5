export enum Choice {
  Tea = 'tea',
  Coffee = 'coffee',
}

export type Tally = Record<Choice, number>

export const isChoice = (text: unknown): text is Choice => Object.values(Choice).includes(text as Choice)
