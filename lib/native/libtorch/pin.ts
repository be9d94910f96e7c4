/** The libtorch that palabra is built and tested with, and fetches. */
export const LIBTORCH_VERSION = '2.13.0';

/** The npm package that brings libtorch for CPUs without Python. */
export const PLATFORM_PACKAGE = '@palabra/libtorch-linux-x64';

/** The builds of libtorch: `cuda` runs on CPUs too and is about ten times as large. */
export const VARIANTS = ['cpu', 'cuda'] as const;

/** A build of libtorch. */
export type Variant = (typeof VARIANTS)[number];
