package io.anycastle.core.geo;

import io.anycastle.core.health.Location;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes small GeoIP databases in MaxMind's format, version 2. */
public final class GeoFileWriter {
    private static final int EMPTY = -1;

    private final int recordBits;
    private final boolean ipv6;
    private final List<int[]> tree = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final Map<Object, Integer> known = new LinkedHashMap<>();

    /**
     * @param recordBits 24, 28 or 32
     * @param ipv6 whether the tree has both families, otherwise IPv4 alone
     */
    public GeoFileWriter(int recordBits, boolean ipv6) {
        this.recordBits = recordBits;
        this.ipv6 = ipv6;
        tree.add(new int[] {EMPTY, EMPTY});
    }

    /** Says that a network, such as {@code 192.0.2.0/24}, lies at a place. */
    public GeoFileWriter with(String network, Location location) {
        return with(
                network,
                Map.of("location", Map.of("latitude", location.latitude(), "longitude", location.longitude())));
    }

    /** Says anything of a network: maps, lists, texts, doubles, booleans and numbers. */
    public GeoFileWriter with(String network, Map<String, ?> record) {
        String[] parts = network.split("/");
        byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
        int above = ipv6 && address.length == 4 ? 96 : 0;
        int bits = above + Integer.parseInt(parts[1]);
        int node = 0;
        for (int i = 0; i < bits - 1; i++) {
            int[] sides = tree.get(node);
            int side = bit(address, i - above);
            if (sides[side] < 0) {
                int inherited = sides[side];
                sides[side] = tree.size();
                tree.add(new int[] {inherited, inherited});
            }
            node = sides[side];
        }
        Integer before = known.get(record);
        int place = before == null ? write(record) : before;
        known.put(record, place);
        tree.get(node)[bit(address, bits - 1 - above)] = -2 - place;
        return this;
    }

    private static int bit(byte[] address, int index) {
        return index < 0 ? 0 : address[index / 8] >>> (7 - index % 8) & 1;
    }

    private int write(Object value) {
        int place = data.size();
        put(value, data);
        return place;
    }

    /** The second time a text is written, it is a pointer to the first. */
    private void put(Object value, ByteArrayOutputStream out) {
        boolean canPoint = value instanceof String && out.equals(data);
        Integer before = canPoint ? known.get("text:" + value) : null;
        if (before != null) {
            pointer(before, out);
            return;
        }
        if (canPoint) {
            known.put("text:" + value, out.size());
        }
        switch (value) {
            case String text -> {
                byte[] octets = text.getBytes(StandardCharsets.UTF_8);
                control(2, octets.length, out);
                out.writeBytes(octets);
            }
            case Double number -> {
                control(3, 8, out);
                out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
            }
            case Integer number -> {
                control(6, 4, out);
                out.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
            }
            case Long number -> {
                control(9, 8, out);
                out.writeBytes(ByteBuffer.allocate(8).putLong(number).array());
            }
            case Boolean flag -> control(14, flag ? 1 : 0, out);
            case List<?> list -> {
                control(11, list.size(), out);
                list.forEach(element -> put(element, out));
            }
            case Map<?, ?> map -> {
                control(7, map.size(), out);
                map.forEach((key, entry) -> {
                    put(key, out);
                    put(entry, out);
                });
            }
            default -> throw new IllegalArgumentException("no such value here: " + value);
        }
    }

    private static void pointer(int place, ByteArrayOutputStream out) {
        if (place < 2048) {
            out.write(1 << 5 | place >>> 8);
            out.write(place);
        } else if (place < 526_336) {
            int above = place - 2048;
            out.write(1 << 5 | 1 << 3 | above >>> 16);
            out.write(above >>> 8);
            out.write(above);
        } else {
            int above = place - 526_336;
            out.write(1 << 5 | 2 << 3 | above >>> 24);
            out.write(above >>> 16);
            out.write(above >>> 8);
            out.write(above);
        }
    }

    private static void control(int type, int size, ByteArrayOutputStream out) {
        int inControl = size < 29 ? size : size < 285 ? 29 : 30;
        out.write((type > 7 ? 0 : type << 5) | inControl);
        if (type > 7) {
            out.write(type - 7);
        }
        if (inControl == 29) {
            out.write(size - 29);
        } else if (inControl == 30) {
            out.write((size - 285) >>> 8);
            out.write(size - 285);
        }
    }

    /** The whole file. */
    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] sides : tree) {
            node(record(sides[0]), record(sides[1]), out);
        }
        out.writeBytes(new byte[16]);
        out.writeBytes(data.toByteArray());
        out.writeBytes(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
        out.writeBytes("MaxMind.com".getBytes(StandardCharsets.US_ASCII));
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("binary_format_major_version", 2);
        metadata.put("binary_format_minor_version", 0);
        metadata.put("build_epoch", 1_700_000_000L);
        metadata.put("database_type", "Test-City");
        metadata.put("description", Map.of("en", "a test"));
        metadata.put("ip_version", ipv6 ? 6 : 4);
        metadata.put("languages", List.of("en"));
        metadata.put("node_count", tree.size());
        metadata.put("record_size", recordBits);
        put(metadata, out);
        return out.toByteArray();
    }

    private int record(int side) {
        return side == EMPTY ? tree.size() : side >= 0 ? side : tree.size() + 16 + (-2 - side);
    }

    private void node(int left, int right, ByteArrayOutputStream out) {
        if (recordBits == 28) {
            u24(left, out);
            out.write(left >>> 24 << 4 | right >>> 24);
            u24(right, out);
            return;
        }
        for (int record : new int[] {left, right}) {
            if (recordBits == 32) {
                out.write(record >>> 24);
            }
            u24(record, out);
        }
    }

    private static void u24(int value, ByteArrayOutputStream out) {
        out.write(value >>> 16);
        out.write(value >>> 8);
        out.write(value);
    }
}
