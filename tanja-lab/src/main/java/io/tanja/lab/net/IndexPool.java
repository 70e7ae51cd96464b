package io.tanja.lab.net;

import java.util.BitSet;

/**
 * Hands out indexes of an {@link AddressPlan}. A freed index is used again as late as possible, so that a late packet
 * for a deleted pod does not reach a new one. Used by the reconciler's thread only.
 */
public final class IndexPool {
    private final BitSet used = new BitSet();
    private int next = AddressPlan.FIRST;

    /** @throws IllegalStateException if all are in use */
    public int take() {
        int free = used.nextClearBit(next);
        if (free > AddressPlan.LAST) {
            free = used.nextClearBit(AddressPlan.FIRST);
        }
        if (free > AddressPlan.LAST) {
            throw new IllegalStateException("all addresses of the lab are in use; delete some pods or services");
        }
        used.set(free);
        next = free + 1;
        return free;
    }

    /** Marks an index as taken that was chosen elsewhere; false if it already was. */
    public boolean claim(int index) {
        if (used.get(index)) {
            return false;
        }
        used.set(index);
        return true;
    }

    /** Gives an index back. */
    public void free(int index) {
        used.clear(index);
    }
}
