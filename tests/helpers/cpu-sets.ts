/** Environments in which palabra, libtorch, oneDNN and MKL work as on a processor with fewer instruction sets. */
export const lowerSets = {
  avx2: {
    PALABRA_CPU_CAPABILITY: 'avx2',
    ATEN_CPU_CAPABILITY: 'avx2',
    ONEDNN_MAX_CPU_ISA: 'AVX2',
    MKL_ENABLE_INSTRUCTIONS: 'AVX2',
  },
  default: {
    PALABRA_CPU_CAPABILITY: 'default',
    ATEN_CPU_CAPABILITY: 'default',
    ONEDNN_MAX_CPU_ISA: 'SSE41',
    MKL_ENABLE_INSTRUCTIONS: 'SSE4_2',
  },
} as const;
