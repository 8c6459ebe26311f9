package io.anycastle.dns.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The numbers of the protocol that the answer path knows (IANA DNS parameters), and big-endian access to octets. */
public final class Wire {
    public static final int HEADER_OCTETS = 12;

    public static final int TYPE_A = 1;
    public static final int TYPE_NS = 2;
    public static final int TYPE_CNAME = 5;
    public static final int TYPE_SOA = 6;
    public static final int TYPE_HINFO = 13;
    public static final int TYPE_PTR = 12;
    public static final int TYPE_MX = 15;
    public static final int TYPE_TXT = 16;
    public static final int TYPE_AAAA = 28;
    public static final int TYPE_SRV = 33;
    public static final int TYPE_DNAME = 39;
    public static final int TYPE_OPT = 41;
    public static final int TYPE_DS = 43;
    public static final int TYPE_RRSIG = 46;
    public static final int TYPE_NSEC = 47;
    public static final int TYPE_SVCB = 64;
    public static final int TYPE_HTTPS = 65;
    public static final int TYPE_TSIG = 250;
    public static final int TYPE_IXFR = 251;
    public static final int TYPE_AXFR = 252;
    public static final int TYPE_ANY = 255;
    public static final int CLASS_IN = 1;
    public static final int CLASS_CHAOS = 3;
    public static final int CLASS_ANY = 255;

    /** A compression pointer (RFC 1035 section 4.1.4) to the question's name. */
    public static final int QUESTION_POINTER = 0xc000 | HEADER_OCTETS;

    /** Highest offset that a compression pointer reaches. */
    public static final int POINTER_MAX = 0x3fff;

    private static final VarHandle U16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle I32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private Wire() {}

    /** How many names that may be compressed (RFC 3597 section 4) the data of such a type begins with, or has after its preference. */
    public static int compressibleNames(int type) {
        return switch (type) {
            case TYPE_NS, TYPE_CNAME, TYPE_PTR, TYPE_MX -> 1;
            case TYPE_SOA -> 2;
            default -> 0;
        };
    }

    /** Octets before the first name in the data of such a type; 0 as well where there is none. */
    public static int nameAt(int type) {
        return switch (type) {
            case TYPE_MX, TYPE_SVCB, TYPE_HTTPS -> 2;
            case TYPE_SRV -> 6;
            default -> 0;
        };
    }

    /** Where the label lies that is met at that offset, pointers followed. */
    static int follow(byte[] message, int at) {
        int label = at;
        while ((message[label] & 0xc0) == 0xc0) {
            label = u16(message, label) & POINTER_MAX;
        }
        return label;
    }

    public static int u16(byte[] octets, int at) {
        return (short) U16.get(octets, at) & 0xffff;
    }

    public static void putU16(byte[] octets, int at, int value) {
        U16.set(octets, at, (short) value);
    }

    public static int i32(byte[] octets, int at) {
        return (int) I32.get(octets, at);
    }

    public static void putI32(byte[] octets, int at, int value) {
        I32.set(octets, at, value);
    }
}
