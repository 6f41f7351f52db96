/** The version of the package, filled in by the build. */
declare const VERSION: string;
