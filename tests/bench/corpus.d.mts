export interface Package {
  readonly name: string;
  readonly version: string;
  /** Files and folders of the package. */
  readonly sources: readonly string[];
  /** Do the sources type-check with the types that are installed beside them? */
  readonly typed: boolean;
}

export interface PackageList {
  readonly packages: readonly Package[];
  /** Packages that are installed only for their types. */
  readonly types: Readonly<Record<string, string>>;
}

export interface Source {
  readonly name: string;
  readonly text: string;
  readonly lines: number;
}

export interface PackageSources {
  readonly name: string;
  readonly version: string;
  readonly typed: boolean;
  readonly folder: string;
  readonly files: readonly Source[];
}

export const list: PackageList;
export const corpusFolder: string;
export function installCorpus(): void;
export function installPackages(list: PackageList, target: string): void;
export function readCorpus(options: { readonly quick: boolean }): PackageSources[];
export function readPackages(list: PackageList, target: string): PackageSources[];
export function readSources(
  folder: string,
  leftOut?: (name: string) => boolean,
  isWanted?: (name: string) => boolean,
): Source[];
