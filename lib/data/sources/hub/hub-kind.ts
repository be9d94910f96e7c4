/** Where errors of the hub arise. */
export const HUB = 'Hugging Face hub';

/** The kinds of repositories of a hub. */
export type RepositoryKind = 'dataset' | 'model';
