package io.anycastle.core.model;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The record types that users may store, with their codes (IANA DNS parameters). */
public enum RecordType {
    A(1),
    NS(2),
    CNAME(5),
    PTR(12),
    MX(15),
    TXT(16),
    AAAA(28),
    LOC(29),
    SRV(33),
    NAPTR(35),
    CERT(37),
    DS(43),
    SSHFP(44),
    DNSKEY(48),
    TLSA(52),
    SMIMEA(53),
    OPENPGPKEY(61),
    SVCB(64),
    HTTPS(65),
    URI(256),
    CAA(257);

    private static final @Nullable RecordType[] BY_CODE = byCode();

    private final int code;

    RecordType(int code) {
        this.code = code;
    }

    /** The type's code on the wire. */
    public int code() {
        return code;
    }

    /** The type of that code. */
    public static Optional<RecordType> of(int code) {
        return code >= 0 && code < BY_CODE.length ? Optional.ofNullable(BY_CODE[code]) : Optional.empty();
    }

    /** The type of a code that is known to be one's. */
    static RecordType known(int code) {
        return Objects.requireNonNull(BY_CODE[code]);
    }

    private static @Nullable RecordType[] byCode() {
        @Nullable RecordType[] types = new RecordType[CAA.code + 1];
        for (RecordType type : values()) {
            types[type.code] = type;
        }
        return types;
    }

    /** Whether a record of this type can stand for the edge instead of for itself. */
    public boolean isProxiable() {
        return this == A || this == AAAA || this == CNAME;
    }

    /** The type of that name, in any case. */
    public static Optional<RecordType> named(String text) {
        try {
            return Optional.of(valueOf(text.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
