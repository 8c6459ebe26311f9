package io.anycastle.dns.compile;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Rdata;
import io.anycastle.dns.wire.AnswerWriter;
import io.anycastle.dns.wire.Wire;
import io.anycastle.dns.wire.WireName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes record sets in wire form, compressing names (RFC 1035 section 4.1.4) where that type allows it (RFC 3597 section 4). */
final class RrWriter {
    private static final int RECORD_OCTETS = AnswerWriter.RECORD_OCTETS;
    private static final byte[] NO_HOST = {};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    private final Map<String, Integer> known = new HashMap<>();
    private final int origin;

    /**
     * @param origin the offset in the message at which the first octet will lie
     */
    private RrWriter(int origin) {
        this.origin = origin;
    }

    /**
     * The set that answers a question for the owner.
     *
     * @param ttlSeconds of the set, the same for all (RFC 2181 section 5.2)
     */
    static RrSet set(DomainName owner, int type, int ttlSeconds, List<Rdata> rdatas) {
        byte[] plain = plain(type, ttlSeconds, rdatas);
        // The octets that a wildcard's question will have are not known, so nothing can point into it.
        byte[] compact = Wire.compressibleNames(type) > 0 && !owner.isWildcard()
                ? forQuestion(owner).compact(type, ttlSeconds, rdatas)
                : plain;
        RrSet set = RrSet.of(type, rdatas.size(), stride(type, rdatas), compact, plain);
        return hasHosts(type) ? set.withHosts(hosts(type, rdatas)) : set;
    }

    /**
     * A zone's SOA as a question for it is answered. Every pointer in it leads into the zone's name, so that it can be moved behind any
     * other question by changing the pointers at {@link Soa#pointersAt}.
     *
     * @param timers serial to minimum, 20 octets
     */
    static Soa soa(DomainName zone, int ttlSeconds, List<DomainName> names, byte[] timers) {
        RrWriter writer = forQuestion(zone);
        List<Integer> pointersAt = new ArrayList<>(List.of(0));
        ByteArrayOutputStream rdata = new ByteArrayOutputStream();
        for (DomainName name : names) {
            byte[] wire = name.wire();
            byte[] compressed = writer.compress(wire, 0);
            rdata.writeBytes(compressed);
            if (compressed.length < wire.length) {
                pointersAt.add(12 + rdata.size() - 2);
            }
        }
        rdata.writeBytes(timers);
        writer.head(Wire.TYPE_SOA, ttlSeconds);
        writer.u16(rdata.size());
        writer.out.writeBytes(rdata.toByteArray());
        return new Soa(
                writer.out.toByteArray(),
                pointersAt.stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * A SOA record whose pointers can be moved.
     *
     * @param pointersAt where in the octets they stand, the owner's first
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never written
    record Soa(byte[] octets, int[] pointersAt) {}

    private static RrWriter forQuestion(DomainName owner) {
        byte[] wire = owner.wire();
        RrWriter writer = new RrWriter(Wire.HEADER_OCTETS + wire.length + 4);
        writer.know(wire, 0, Wire.HEADER_OCTETS);
        return writer;
    }

    private static int stride(int type, List<Rdata> rdatas) {
        boolean turns = rdatas.size() > 1 && (type == Wire.TYPE_A || type == Wire.TYPE_AAAA);
        return turns ? 12 + rdatas.getFirst().length() : 0;
    }

    /** The types whose names' addresses are added (RFC 1035 sections 3.3.9 and 3.3.11, RFC 2782, RFC 9460 section 4.1). */
    private static boolean hasHosts(int type) {
        return switch (type) {
            case Wire.TYPE_NS, Wire.TYPE_MX, Wire.TYPE_SRV, Wire.TYPE_SVCB, Wire.TYPE_HTTPS -> true;
            default -> false;
        };
    }

    private static byte[][] hosts(int type, List<Rdata> rdatas) {
        boolean isBinding = type == Wire.TYPE_SVCB || type == Wire.TYPE_HTTPS;
        Set<String> seen = new HashSet<>();
        byte[][] hosts = new byte[rdatas.size()][];
        for (int i = 0; i < hosts.length; i++) {
            byte[] wire = rdatas.get(i).wire();
            byte[] host = lowerCase(wire, Wire.nameAt(type));
            boolean isService = isBinding && Wire.u16(wire, 0) > 0;
            boolean isHost = (host.length > 1 || isService) && seen.add(suffix(host, 0));
            hosts[i] = isHost ? host : NO_HOST;
        }
        return hosts;
    }

    /** The name that starts there, in lower case. */
    static byte[] lowerCase(byte[] wire, int from) {
        WireName lower = new WireName();
        lower.read(wire, from, wire.length);
        return Arrays.copyOf(lower.octets(), lower.length());
    }

    private static byte[] plain(int type, int ttlSeconds, List<Rdata> rdatas) {
        int octets = 0;
        for (Rdata rdata : rdatas) {
            octets += RECORD_OCTETS + rdata.length();
        }
        byte[] plain = new byte[octets];
        int at = 0;
        for (Rdata rdata : rdatas) {
            Wire.putU16(plain, at, Wire.QUESTION_POINTER);
            Wire.putU16(plain, at + 2, type);
            Wire.putU16(plain, at + 4, Wire.CLASS_IN);
            Wire.putU16(plain, at + 6, ttlSeconds >>> 16);
            Wire.putU16(plain, at + 8, ttlSeconds);
            Wire.putU16(plain, at + 10, rdata.length());
            rdata.copyTo(plain, at + RECORD_OCTETS);
            at += RECORD_OCTETS + rdata.length();
        }
        return plain;
    }

    private byte[] compact(int type, int ttlSeconds, List<Rdata> rdatas) {
        for (Rdata rdata : rdatas) {
            byte[] wire = rdata.wire();
            ByteArrayOutputStream data = new ByteArrayOutputStream(wire.length);
            int from = Wire.nameAt(type);
            data.write(wire, 0, from);
            for (int names = Wire.compressibleNames(type); names > 0; names--) {
                int messageAt = origin + out.size() + RECORD_OCTETS + data.size();
                data.writeBytes(compress(wire, from));
                know(wire, from, messageAt);
                from = endOfName(wire, from);
            }
            data.write(wire, from, wire.length - from);
            head(type, ttlSeconds);
            u16(data.size());
            out.writeBytes(data.toByteArray());
        }
        return out.toByteArray();
    }

    private void head(int type, int ttlSeconds) {
        u16(Wire.QUESTION_POINTER);
        u16(type);
        u16(Wire.CLASS_IN);
        u16(ttlSeconds >>> 16);
        u16(ttlSeconds);
    }

    private void u16(int value) {
        out.write(value >>> 8);
        out.write(value);
    }

    private byte[] compress(byte[] wire, int from) {
        for (int at = from; wire[at] != 0; at += 1 + wire[at]) {
            Integer target = known.get(suffix(wire, at));
            if (target != null) {
                byte[] name = new byte[at - from + 2];
                System.arraycopy(wire, from, name, 0, at - from);
                Wire.putU16(name, at - from, 0xc000 | target);
                return name;
            }
        }
        return Arrays.copyOfRange(wire, from, endOfName(wire, from));
    }

    private void know(byte[] wire, int from, int messageAt) {
        for (int at = from; wire[at] != 0; at += 1 + wire[at]) {
            if (known.containsKey(suffix(wire, at)) || messageAt + at - from > Wire.POINTER_MAX) {
                return; // what follows is compressed itself, or cannot be pointed to
            }
            known.put(suffix(wire, at), messageAt + at - from);
        }
    }

    private static String suffix(byte[] wire, int at) {
        return new String(wire, at, endOfName(wire, at) - at, StandardCharsets.ISO_8859_1);
    }

    private static int endOfName(byte[] wire, int from) {
        int at = from;
        while (wire[at] != 0) {
            at += 1 + wire[at];
        }
        return at + 1;
    }
}
