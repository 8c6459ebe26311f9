package io.anycastle.dns.compile;

import io.anycastle.core.model.NameRecords;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A name of a zone in the table: the place at which its answers hang. There are millions, so it holds its own label only, the other labels
 * being its ancestors', and its answers stand in it directly unless a change is recent.
 */
final class Node {
    private static final VarHandle STATE = stateHandle();
    private static final int RECORDS = Integer.MIN_VALUE;

    final int hash;

    /** The first label with its length octet; of an apex the whole name. */
    final byte[] label;

    /** The apex of the zone that the name belongs to; null when it is an apex itself. */
    final @Nullable Node apex;

    /** The name without its first label; null for an apex. */
    final @Nullable Node parent;

    /** Sign: whether there are records. The rest: how many names exist directly below. The writer's alone. */
    private int existence;

    /** {@link NameAnswers}, the {@link NameRecords} to make them of, or a {@link Version} while readers may want the one before. */
    @SuppressWarnings("unused") // through STATE
    private @Nullable Object state;

    Node(int hash, byte[] label, @Nullable Node apex, @Nullable Node parent) {
        this.hash = hash;
        this.label = label;
        this.apex = apex;
        this.parent = parent;
    }

    /** What a name answers from one version of the table on, and what it answered before. */
    static final class Version {
        final long since;

        /** {@link NameAnswers}, or {@link NameRecords} until somebody made them of those: any thread may, all would make the same. */
        Object answers;

        /** What a node's state can be, or null where the name was unknown. */
        final @Nullable Object older;

        Version(long since, Object answers, @Nullable Object older) {
            this.since = since;
            this.answers = answers;
            this.older = older;
        }
    }

    /** Whether this is the name of its zone that stands in those octets. */
    boolean isNamed(byte[] octets, int from, int to) {
        int at = from;
        Node node = this;
        while (node.apex != null) {
            byte[] own = node.label;
            if (to - at <= own.length || !Arrays.equals(own, 0, own.length, octets, at, at + own.length)) {
                return false;
            }
            at += own.length;
            node = node.parent == null ? node.apex : node.parent;
        }
        return Arrays.equals(node.label, 0, node.label.length, octets, at, to);
    }

    /** Whether this is the wildcard directly below the name that stands in those octets. */
    boolean isWildcardBelow(byte[] octets, int from, int to) {
        return label[0] == 1 && label[1] == '*' && parent != null && parent.isNamed(octets, from, to);
    }

    /** Acquire: whoever sees a state sees what it holds. */
    @Nullable
    Object state() {
        return (Object) STATE.getAcquire(this);
    }

    /** What the name answers by the newest version, shown or not, or the records to make it of; null where it has none. */
    @Nullable
    Object newest() {
        Object now = state();
        return now instanceof Version version ? version.answers : now;
    }

    /** Keeps what was made of the records, unless the writer was there meanwhile. Any thread. */
    void made(NameRecords of, NameAnswers answers) {
        STATE.compareAndSet(this, (Object) of, (Object) answers);
    }

    /** Release; the writer only. */
    void show(Object next) {
        STATE.setRelease(this, next);
    }

    boolean hasRecords() {
        return existence < 0;
    }

    void setRecords(boolean present) {
        existence = present ? existence | RECORDS : existence & ~RECORDS;
    }

    /** Names came directly below, or went. */
    void countChildren(int difference) {
        existence += difference;
    }

    boolean exists() {
        return existence != 0;
    }

    private static VarHandle stateHandle() {
        try {
            return MethodHandles.lookup()
                    .findVarHandle(Node.class, "state", Object.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
