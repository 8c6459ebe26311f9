package io.anycastle.core.geo;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.anycastle.core.health.Location;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A GeoIP database in MaxMind's format, version 2: a binary tree over address bits whose leaves point to records. Looking an address up
 * allocates nothing; records are read off the query path. Immutable, any thread.
 *
 * <p>The file is read, not mapped: whatever becomes of it on the disk, what was read answers on.
 */
public final class GeoFile {
    /** What {@link #find} says of an address that the file does not know. */
    public static final int UNKNOWN = -1;

    /** The tree and the data are kept apart by so many zero octets. */
    private static final int SEPARATOR_OCTETS = 16;

    private static final byte[] METADATA_MARK = {
        (byte) 0xab, (byte) 0xcd, (byte) 0xef, 'M', 'a', 'x', 'M', 'i', 'n', 'd', '.', 'c', 'o', 'm'
    };
    private static final int METADATA_OCTETS_MAX = 128 * 1024;
    private static final int NODES_MAX = 1 << 28;

    private static final byte[] COUNTRY = "country".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ISO_CODE = "iso_code".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AUTONOMOUS_SYSTEM = "autonomous_system_number".getBytes(StandardCharsets.US_ASCII);
    private static final int LETTERS = 26;
    private static final String[] CODES = IntStream.range(0, LETTERS * LETTERS)
            .mapToObj(code -> "" + (char) ('A' + code / LETTERS) + (char) ('A' + code % LETTERS))
            .toArray(String[]::new);

    private final MemorySegment file;
    private final int nodes;
    private final int recordBits;
    private final int nodeOctets;
    private final int ipv4Root;
    private final boolean hasIpv6;
    private final String type;
    private final GeoRecords records;

    private GeoFile(MemorySegment file, Map<?, ?> metadata) throws IOException {
        this.file = file;
        nodes = number(metadata, "node_count", 1, NODES_MAX);
        recordBits = number(metadata, "record_size", 24, 32);
        int version = number(metadata, "ip_version", 4, 6);
        if (number(metadata, "binary_format_major_version", 2, 2) != 2
                || recordBits % 4 != 0
                || recordBits == 20
                || version == 5) {
            throw new IOException("it is of a form that is not known");
        }
        nodeOctets = recordBits / 4;
        hasIpv6 = version == 6;
        type = String.valueOf(metadata.get("database_type"));
        long dataAt = (long) nodes * nodeOctets + SEPARATOR_OCTETS;
        if (dataAt >= file.byteSize()) {
            throw new IOException("it is cut off");
        }
        records = new GeoRecords(file.asSlice(dataAt));
        ipv4Root = hasIpv6 ? ipv4Root() : 0;
    }

    /**
     * Opens a file.
     *
     * @throws IOException when it cannot be read, or is no such database; the message says which
     */
    public static GeoFile open(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new IOException("it is larger than 2 GiB");
            }
            return of(read(channel));
        }
    }

    /** Outside the heap, for as long as somebody looks addresses up in it. */
    private static MemorySegment read(FileChannel channel) throws IOException {
        MemorySegment whole = allocated(channel.size());
        ByteBuffer buffer = whole.asByteBuffer();
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("it was cut off while it was read");
            }
        }
        return whole;
    }

    private static MemorySegment allocated(long octets) throws IOException {
        try {
            return Arena.ofAuto().allocate(octets);
        } catch (OutOfMemoryError e) {
            throw new IOException("the JVM has no memory for its " + octets + " octets", e);
        }
    }

    /**
     * The same of what is in memory already.
     *
     * @throws IOException when it is no such database
     */
    public static GeoFile of(MemorySegment file) throws IOException {
        long from = Math.max(0, file.byteSize() - METADATA_OCTETS_MAX);
        for (long at = file.byteSize() - METADATA_MARK.length; at >= from; at--) {
            if (isMark(file, at)) {
                return new GeoFile(file, new GeoRecords(file.asSlice(at + METADATA_MARK.length)).map(0));
            }
        }
        throw new IOException("it is no database in MaxMind's format");
    }

    private static boolean isMark(MemorySegment file, long at) {
        for (int i = 0; i < METADATA_MARK.length; i++) {
            if (file.get(JAVA_BYTE, at + i) != METADATA_MARK[i]) {
                return false;
            }
        }
        return true;
    }

    private static int number(Map<?, ?> metadata, String key, int min, int max) throws IOException {
        if (metadata.get(key) instanceof Long value && value >= min && value <= max) {
            return value.intValue();
        }
        throw new IOException("its " + key + " is " + metadata.get(key) + ", not " + min + " to " + max);
    }

    /** IPv4 lies in an IPv6 tree below 96 zero bits; a tree that ends sooner knows one answer for all of it. */
    private int ipv4Root() {
        int at = 0;
        for (int i = 0; i < 96 && at < nodes; i++) {
            at = child(at, 0);
        }
        return at;
    }

    /** What kind of database it says it is, such as {@code GeoLite2-City}. */
    public String type() {
        return type;
    }

    /**
     * Looks an address up.
     *
     * @param high the first 64 bits of an IPv6 address; of an IPv4 address 0
     * @param low the other 64 bits; of an IPv4 address its 32 bits
     * @return the record's place in the upper 32 bits, or all ones for none; in the lower ones how many bits of the address decided
     */
    public long find(boolean isIpv6, long high, long low) {
        if (isIpv6 && !hasIpv6) {
            return (long) UNKNOWN << 32;
        }
        int bits = isIpv6 ? 128 : 32;
        int at = isIpv6 ? 0 : ipv4Root;
        int depth = 0;
        while (depth < bits && at < nodes) {
            at = child(at, bit(isIpv6, high, low, depth));
            depth++;
        }
        int place = at > nodes ? at - nodes - SEPARATOR_OCTETS : UNKNOWN;
        return (long) place << 32 | depth;
    }

    private static int bit(boolean isIpv6, long high, long low, int depth) {
        if (!isIpv6) {
            return (int) (low >>> (31 - depth)) & 1;
        }
        return (int) (depth < 64 ? high >>> (63 - depth) : low >>> (127 - depth)) & 1;
    }

    /** The left or right child of a node: a node, or behind the last one a record. */
    private int child(int node, int side) {
        long at = (long) node * nodeOctets;
        return switch (recordBits) {
            case 24 -> u24(at + 3L * side);
            case 28 -> {
                int middle = file.get(JAVA_BYTE, at + 3);
                int top = side == 0 ? middle >>> 4 & 15 : middle & 15;
                yield top << 24 | u24(at + 4L * side);
            }
            default -> file.get(JAVA_BYTE, at + 4L * side) << 24 | u24(at + 4L * side + 1);
        };
    }

    private int u24(long at) {
        return (file.get(JAVA_BYTE, at) & 255) << 16
                | (file.get(JAVA_BYTE, at + 1) & 255) << 8
                | (file.get(JAVA_BYTE, at + 2) & 255);
    }

    /** Every record's place, some of them more than once, as long as the other wants more. */
    public void places(IntPredicate each) {
        for (int node = 0; node < nodes; node++) {
            for (int side = 0; side < 2; side++) {
                int at = child(node, side);
                if (at > nodes && !each.test(at - nodes - SEPARATOR_OCTETS)) {
                    return;
                }
            }
        }
    }

    /** The place on earth that a record names; empty when it names none. */
    public Optional<Location> location(int place) throws IOException {
        return records.map(place).get("location") instanceof Map<?, ?> location
                        && location.get("latitude") instanceof Double latitude
                        && location.get("longitude") instanceof Double longitude
                        && Math.abs(latitude) <= 90
                        && Math.abs(longitude) <= 180
                ? Optional.of(new Location(latitude, longitude))
                : Optional.empty();
    }

    /** The country that a record names: two capital letters (ISO 3166-1), or empty. Makes no text. */
    public String country(int place) {
        try {
            int pair = records.pair(records.member(records.member(place, COUNTRY), ISO_CODE));
            int first = (pair >> 8) - 'A';
            int second = (pair & 255) - 'A';
            boolean isCode = first >= 0 && first < LETTERS && second >= 0 && second < LETTERS;
            return isCode ? CODES[first * LETTERS + second] : "";
        } catch (IOException | IndexOutOfBoundsException e) {
            return ""; // of a broken record
        }
    }

    /** The number of the autonomous system that a record names; 0 when it names none. Makes no objects that last. */
    public long asn(int place) {
        try {
            return records.number(records.member(place, AUTONOMOUS_SYSTEM));
        } catch (IOException | IndexOutOfBoundsException e) {
            return 0; // of a broken record
        }
    }
}
