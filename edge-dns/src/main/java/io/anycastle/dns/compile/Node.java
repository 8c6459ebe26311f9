package io.anycastle.dns.compile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A name of a zone in the table: the place at which its versions hang. */
final class Node {
    private static final VarHandle VERSION = versionHandle();

    final long hash;
    final byte[] name;

    /** The apex of the zone that the name belongs to; null when it is an apex itself. */
    final @Nullable Node apex;

    /** The name without its first label; only the writer looks at this and what follows. */
    final @Nullable Node parent;

    boolean hasRecords;
    int children;

    @SuppressWarnings("unused") // through VERSION
    private @Nullable Version version;

    Node(long hash, byte[] name, @Nullable Node apex, @Nullable Node parent) {
        this.hash = hash;
        this.name = name;
        this.apex = apex;
        this.parent = parent;
    }

    /** What a name answers from one version of the table on, and what it answered before. */
    static final class Version {
        final long since;
        final NameAnswers answers;

        /** Cut by the writer when no reader can want it any more; a reader that sees either is right. */
        volatile @Nullable Version older;

        Version(long since, NameAnswers answers, @Nullable Version older) {
            this.since = since;
            this.answers = answers;
            this.older = older;
        }
    }

    /** Acquire: whoever sees a version sees what it holds. */
    @Nullable
    Version version() {
        return (Version) VERSION.getAcquire(this);
    }

    /** Release; the writer only. */
    void show(Version next) {
        VERSION.setRelease(this, next);
    }

    boolean exists() {
        return hasRecords || children > 0;
    }

    private static VarHandle versionHandle() {
        try {
            return MethodHandles.lookup()
                    .findVarHandle(Node.class, "version", Version.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
