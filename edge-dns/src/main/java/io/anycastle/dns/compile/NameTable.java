package io.anycastle.dns.compile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** An open-addressing array of names, linear probing, never more than half full. One thread writes, any thread reads. */
final class NameTable {
    private static final VarHandle ELEMENT =
            MethodHandles.arrayElementVarHandle(Node[].class).withInvokeExactBehavior();
    private static final int SIZE_MIN = 64;

    /** Readers at an older version than this miss names that were dropped on the way here. */
    final long since;

    private final @Nullable Node[] nodes;
    private final int mask;
    private int used;

    NameTable(long since, int names) {
        this.since = since;
        int size = Math.max(SIZE_MIN, Integer.highestOneBit(Math.max(1, names)) << 2);
        nodes = new Node[size];
        mask = size - 1;
    }

    /**
     * @param apex of the name's zone, null when an apex is looked for
     */
    @Nullable
    Node find(int hash, byte[] octets, int from, int to, @Nullable Node apex) {
        for (int i = hash & mask; ; i = (i + 1) & mask) {
            Node node = (Node) ELEMENT.getAcquire(nodes, i);
            if (node == null) {
                return null;
            }
            if (node.hash == hash && node.apex == apex && node.isNamed(octets, from, to)) {
                return node;
            }
        }
    }

    /** The name {@code *} below the name in the octets. */
    @Nullable
    Node findWildcard(int hash, byte[] octets, int from, int to, @Nullable Node apex) {
        for (int i = hash & mask; ; i = (i + 1) & mask) {
            Node node = (Node) ELEMENT.getAcquire(nodes, i);
            if (node == null) {
                return null;
            }
            if (node.hash == hash && node.apex == apex && node.isWildcardBelow(octets, from, to)) {
                return node;
            }
        }
    }

    /** Whatever stands where a search for the hash begins. */
    @Nullable
    Node first(int hash) {
        return (Node) ELEMENT.getAcquire(nodes, hash & mask);
    }

    /** The first node of that hash from there on, whose name may be another. */
    @Nullable
    Node next(int hash, @Nullable Node first) {
        Node node = first;
        for (int i = hash; node != null && node.hash != hash; ) {
            node = first(++i);
        }
        return node;
    }

    boolean hasRoomFor(int names) {
        return used + names <= nodes.length / 2;
    }

    /** Release: whoever finds the node sees it whole. The node must not be there yet. */
    void add(Node node) {
        int i = node.hash & mask;
        while (nodes[i] != null) {
            i = (i + 1) & mask;
        }
        ELEMENT.setRelease(nodes, i, node);
        used++;
    }

    @Nullable
    Node[] nodes() {
        return nodes;
    }
}
