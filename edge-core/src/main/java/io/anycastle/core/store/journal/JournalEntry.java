package io.anycastle.core.store.journal;

import io.anycastle.core.store.state.ZoneDelta;
import java.io.IOException;
import java.time.DateTimeException;

/** What a journal or a snapshot is made of. */
public sealed interface JournalEntry {
    /** The one format that this version reads and writes; nodes of different formats do not join. */
    int FORMAT = 2;

    /** A change of a zone; it counts unless an abort follows. */
    record Delta(long sequence, ZoneDelta delta) implements JournalEntry {}

    /** The delta of that sequence lost its race and never happened. */
    record Abort(long sequence) implements JournalEntry {}

    /** A snapshot's piece of a zone: its head, or that it is gone, and some of its names. */
    record Piece(ZoneDelta delta) implements JournalEntry {}

    /** A snapshot is complete. */
    record End(long sequence) implements JournalEntry {}

    /** A delta in stored form, from its zone's part as {@link #zone} made it. */
    static byte[] delta(long sequence, byte[] zone) {
        EntryOutput out = new EntryOutput();
        out.octet(FORMAT);
        out.octet(Kind.DELTA);
        out.number(sequence);
        out.raw(zone);
        out.octet(Kind.LAST);
        return out.toBytes();
    }

    /** The part of a delta's stored form that does not depend on its sequence. */
    static byte[] zone(ZoneDelta delta) {
        EntryOutput out = new EntryOutput();
        ZoneCodec.write(out, delta);
        return out.toBytes();
    }

    /** The stored form: the format, the kind, the fields, and one octet that is not zero, as {@link LogScan} wants it. */
    default byte[] bytes() {
        EntryOutput out = new EntryOutput();
        out.octet(FORMAT);
        switch (this) {
            case Delta delta -> {
                return delta(delta.sequence, zone(delta.delta));
            }
            case Abort abort -> {
                out.octet(Kind.ABORT);
                out.number(abort.sequence);
            }
            case Piece piece -> {
                out.octet(Kind.PIECE);
                ZoneCodec.write(out, piece.delta);
            }
            case End end -> {
                out.octet(Kind.END);
                out.number(end.sequence);
            }
        }
        out.octet(Kind.LAST);
        return out.toBytes();
    }

    /** @throws IOException when the bytes are no entry that this version can read */
    static JournalEntry read(byte[] bytes) throws IOException {
        EntryInput in = new EntryInput(bytes);
        int format = in.octet();
        if (format != FORMAT) {
            throw new IOException("an entry has format " + format + "; this version reads " + FORMAT);
        }
        try {
            JournalEntry entry = read(in.octet(), in);
            if (in.octet() != Kind.LAST || in.left() > 0) {
                throw new IOException("an entry has more in it than this version knows");
            }
            return entry;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static JournalEntry read(int kind, EntryInput in) throws IOException {
        return switch (kind) {
            case Kind.DELTA -> new Delta(in.number(), ZoneCodec.read(in));
            case Kind.ABORT -> new Abort(in.number());
            case Kind.PIECE -> new Piece(ZoneCodec.read(in));
            case Kind.END -> new End(in.number());
            default -> throw new IOException("this version knows no entry of kind " + kind);
        };
    }

    /** The octets that say what an entry is. */
    final class Kind {
        static final int DELTA = 1;
        static final int ABORT = 2;
        static final int PIECE = 3;
        static final int END = 4;

        /** Ends every entry. */
        public static final int LAST = 0xa5;

        private Kind() {}
    }
}
