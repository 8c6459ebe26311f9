package io.anycastle.core.store.cluster;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.store.journal.JournalEntry;
import io.anycastle.core.store.state.NodeReport;
import io.anycastle.core.store.state.ZoneDelta;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What nodes ask each other, in bytes: one octet for the kind, then its fields. Zone parts are in the form of the journal. */
public final class PeerCodec {
    /** Instead of a number of names in the request for an outline: sums are not wanted. */
    public static final int NO_SUMS = -1;

    /** Kinds of requests. */
    public enum Kind {
        /** A delta to append; answered by {@link Taken}. */
        APPEND(1),
        /** The digests of all zones. */
        OVERVIEW(2),
        /** A zone without its names, with sums of them in buckets; opens a session. */
        OUTLINE(3),
        /** The names of some buckets, in a session. */
        NAMES(4),
        /** Asks the other to pull a zone from here; answered by {@link Taken}. */
        CATCH_UP(5),
        /** Asks the oldest member to compare a zone with the asker. */
        COMPARE(6),
        /** Facts about the node, made by the application. */
        FACTS(7),
        /** What the node's health checks have found, made by the application. */
        HEALTH(8),
        /** What the node tells those who follow its log of requests; question and answer are made by the application. */
        TAIL(9);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    /** What became of a delta or of a catching-up on the other node. */
    public enum Taken {
        /** It is on that node's disk and in its view. */
        DURABLE(1),
        /** The node does not hold the state that the delta builds on. */
        BEHIND(2),
        /** The node has changes of its own that are to be merged first. */
        DIVERGED(3),
        /** The node's disk refuses. */
        REFUSED(4);

        private final int code;

        Taken(int code) {
            this.code = code;
        }
    }

    private PeerCodec() {}

    public interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    public static byte[] bytes(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try {
            body.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to write", e);
        }
        return bytes.toByteArray();
    }

    public static byte[] request(Kind kind, Body body) {
        return bytes(out -> {
            out.writeByte(kind.code);
            body.write(out);
        });
    }

    /** @throws IOException when this version knows no such kind */
    public static Kind kind(DataInputStream in) throws IOException {
        int code = in.readUnsignedByte();
        for (Kind kind : Kind.values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IOException("this version knows no request " + code);
    }

    public static DataInputStream in(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    public static byte[] taken(Taken taken) {
        return new byte[] {(byte) taken.code};
    }

    public static Taken taken(byte[] bytes) throws IOException {
        for (Taken taken : Taken.values()) {
            if (bytes.length == 1 && taken.code == bytes[0]) {
                return taken;
            }
        }
        throw new IOException("this version does not understand the answer");
    }

    public static void writeZone(DataOutputStream out, DomainName zone) throws IOException {
        out.writeUTF(zone.toString());
    }

    public static DomainName readZone(DataInputStream in) throws IOException {
        return DomainName.of(in.readUTF());
    }

    static void writeDelta(DataOutputStream out, ZoneDelta delta) throws IOException {
        writeBlock(out, new JournalEntry.Piece(delta).bytes());
    }

    public static ZoneDelta readDelta(DataInputStream in) throws IOException {
        return JournalEntry.read(readBlock(in)) instanceof JournalEntry.Piece(ZoneDelta delta)
                ? delta
                : fail("expected a piece of a zone");
    }

    private static ZoneDelta fail(String reason) throws IOException {
        throw new IOException(reason);
    }

    private static void writeBlock(DataOutputStream out, byte[] block) throws IOException {
        out.writeInt(block.length);
        out.write(block);
    }

    private static byte[] readBlock(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a block of " + length + " bytes is cut off");
        }
        return in.readNBytes(length);
    }

    public static byte[] overview(Map<DomainName, Long> digests) {
        return bytes(out -> {
            out.writeInt(digests.size());
            for (var zone : digests.entrySet()) {
                writeZone(out, zone.getKey());
                out.writeLong(zone.getValue());
            }
        });
    }

    public static Map<DomainName, Long> overview(byte[] bytes) throws IOException {
        DataInputStream in = in(bytes);
        int count = in.readInt();
        Map<DomainName, Long> digests = new HashMap<>();
        for (int i = 0; i < count; i++) {
            digests.put(readZone(in), in.readLong());
        }
        return digests;
    }

    /**
     * A zone as another node holds it, without its names.
     *
     * @param session under which its names may be asked for, for a while
     * @param sums of the names in each bucket
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, up to a hundred thousand numbers
    public record Outline(long session, ZoneDelta rest, int names, long[] sums) {}

    public static byte[] outline(Outline outline) {
        return bytes(out -> {
            out.writeLong(outline.session);
            writeDelta(out, outline.rest);
            out.writeInt(outline.names);
            out.writeInt(outline.sums.length);
            for (long sum : outline.sums) {
                out.writeLong(sum);
            }
        });
    }

    public static Outline outline(byte[] bytes) throws IOException {
        DataInputStream in = in(bytes);
        long session = in.readLong();
        ZoneDelta rest = readDelta(in);
        int names = in.readInt();
        long[] sums = new long[in.readInt()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = in.readLong();
        }
        return new Outline(session, rest, names, sums);
    }

    /** The names of those buckets, from the given place in their order on; at most so many. */
    public record NamesWanted(long session, int buckets, BitSet wanted, int from, int max) {}

    public static byte[] namesWanted(NamesWanted wanted) {
        return request(Kind.NAMES, out -> {
            out.writeLong(wanted.session);
            out.writeInt(wanted.buckets);
            writeBlock(out, wanted.wanted.toByteArray());
            out.writeInt(wanted.from);
            out.writeInt(wanted.max);
        });
    }

    public static NamesWanted namesWanted(DataInputStream in) throws IOException {
        return new NamesWanted(in.readLong(), in.readInt(), BitSet.valueOf(readBlock(in)), in.readInt(), in.readInt());
    }

    public static byte[] names(ZoneDelta carrier) {
        return bytes(out -> writeDelta(out, carrier));
    }

    public static List<NameRecords> names(byte[] bytes) throws IOException {
        return new ArrayList<>(readDelta(in(bytes)).names());
    }

    public static byte[] report(NodeReport report) {
        return bytes(out -> {
            out.writeUTF(report.nodeId());
            out.writeLong(report.digest());
            out.writeLong(report.lagMs());
            out.writeInt(report.lastDisks());
            out.writeLong(report.wallMillis());
            out.writeLong(report.correctionMs());
            out.writeUTF(report.application());
        });
    }

    public static NodeReport report(byte[] bytes) throws IOException {
        DataInputStream in = in(bytes);
        return new NodeReport(
                in.readUTF(), in.readLong(), in.readLong(), in.readInt(), in.readLong(), in.readLong(), in.readUTF());
    }
}
