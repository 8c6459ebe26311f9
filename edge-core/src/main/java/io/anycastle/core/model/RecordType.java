package io.anycastle.core.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A type of record that users may store (IANA DNS parameters): one with fields of its own, or any other type of data, whose octets are
 * answered as they are (RFC 3597). There is one instance per code, so that {@code ==} compares.
 */
public final class RecordType implements Comparable<RecordType> {
    private static final Map<String, RecordType> BY_NAME = new HashMap<>();
    private static final List<RecordType> OWN = new ArrayList<>();

    public static final RecordType A = own(1, "A");
    public static final RecordType NS = own(2, "NS");
    public static final RecordType CNAME = own(5, "CNAME");
    public static final RecordType PTR = own(12, "PTR");
    public static final RecordType MX = own(15, "MX");
    public static final RecordType TXT = own(16, "TXT");
    public static final RecordType AAAA = own(28, "AAAA");
    public static final RecordType LOC = own(29, "LOC");
    public static final RecordType SRV = own(33, "SRV");
    public static final RecordType NAPTR = own(35, "NAPTR");
    public static final RecordType CERT = own(37, "CERT");
    public static final RecordType DNAME = own(39, "DNAME");
    public static final RecordType DS = own(43, "DS");
    public static final RecordType SSHFP = own(44, "SSHFP");
    public static final RecordType DNSKEY = own(48, "DNSKEY");
    public static final RecordType TLSA = own(52, "TLSA");
    public static final RecordType SMIMEA = own(53, "SMIMEA");
    public static final RecordType OPENPGPKEY = own(61, "OPENPGPKEY");
    public static final RecordType SVCB = own(64, "SVCB");
    public static final RecordType HTTPS = own(65, "HTTPS");
    public static final RecordType URI = own(256, "URI");
    public static final RecordType CAA = own(257, "CAA");

    /** Made by the edge or by whoever signs the zone, or no data at all. */
    private static final Set<String> NOT_STORED =
            Set.of("SOA", "SIG", "NXT", "OPT", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "ZONEMD");

    private static final int CODE_MAX = 65535;
    private static final @Nullable RecordType[] BY_CODE = byCode();

    /** Those that somebody named; at most as many as there are codes. */
    private static final Map<Integer, RecordType> OTHERS = new ConcurrentHashMap<>();

    private final int code;
    private final String name;

    private RecordType(int code, String name) {
        this.code = code;
        this.name = name;
    }

    private static RecordType own(int code, String name) {
        RecordType type = new RecordType(code, name);
        BY_NAME.put(name, type);
        OWN.add(type);
        return type;
    }

    private static @Nullable RecordType[] byCode() {
        @Nullable RecordType[] types = new RecordType[CAA.code + 1];
        OWN.forEach(type -> types[type.code] = type);
        return types;
    }

    /** The types with fields of their own, by code. */
    public static List<RecordType> withFields() {
        return List.copyOf(OWN);
    }

    /** The type's code on the wire. */
    public int code() {
        return code;
    }

    /** The mnemonic in upper case, or {@code TYPE} and the code (RFC 3597 section 5). */
    public String name() {
        return name;
    }

    /** The type of that code; empty when no record may have it: the SOA is the edge's, signatures are the signer's, others are no data. */
    public static Optional<RecordType> of(int code) {
        RecordType own = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        if (own != null) {
            return Optional.of(own);
        }
        return isData(code)
                ? Optional.of(OTHERS.computeIfAbsent(code, c -> new RecordType(c, TypeMnemonics.of(c))))
                : Optional.empty();
    }

    private static boolean isData(int code) {
        boolean isMeta = code <= 0 || (code >= 128 && code <= 255) || code > CODE_MAX; // RFC 6895 section 3.1
        return !isMeta && !NOT_STORED.contains(TypeMnemonics.of(code));
    }

    /** The type of a code that is known to be one's. */
    static RecordType known(int code) {
        RecordType own = code < BY_CODE.length ? BY_CODE[code] : null;
        return own != null ? own : Objects.requireNonNull(OTHERS.get(code));
    }

    /** Whether a record of this type can stand for the edge instead of for itself. */
    public boolean isProxiable() {
        return this == A || this == AAAA || this == CNAME;
    }

    /** The type of that name, in any case: a mnemonic, or {@code TYPE} and a code. */
    public static Optional<RecordType> named(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        RecordType own = BY_NAME.get(upper);
        OptionalInt code = own == null ? TypeMnemonics.code(upper) : OptionalInt.of(own.code);
        return code.isPresent() ? of(code.getAsInt()) : Optional.empty();
    }

    @Override
    public int compareTo(RecordType other) {
        return Integer.compare(code, other.code);
    }

    @Override
    public String toString() {
        return name;
    }
}
