/** A share that was aimed at. */
export interface BalanceTarget {
  /** A connective, a domain, a level or a construction. */
  name: string;
  /** Whether it is the least or the largest share; of levels the largest ratio to the smallest one. */
  bound: 'least' | 'most';
  target: number;
  reached: number;
  met: boolean;
}
