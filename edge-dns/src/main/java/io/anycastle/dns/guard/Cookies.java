package io.anycastle.dns.guard;

import io.anycastle.core.limit.Networks;
import io.anycastle.dns.wire.EdnsOptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks and makes server cookies of RFC 9018 section 4: version 1, three octets of zero, the time in seconds, and a SipHash-2-4 of these,
 * the client's part and the client's address. Allocates nothing. One per thread: fields hold the query's cookie.
 */
final class Cookies {
    /** Octets of a whole cookie of ours: client's part, server's part. */
    static final int OCTETS = 24;

    private static final int CLIENT_OCTETS = 8;
    private static final int LONGEST = 40;
    private static final int SHORTEST_WITH_SERVER = 16;
    private static final byte VERSION = 1;

    /** RFC 9018 section 4.3. */
    private static final int AGE_MAX_SECONDS = 3600;

    private static final int AHEAD_MAX_SECONDS = 300;
    private static final int RENEW_AFTER_SECONDS = 1800;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle TIME = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final CurrentSecrets secrets;
    private final SipHash hash = new SipHash();
    private final byte[] answer = new byte[OCTETS];

    Cookies(CurrentSecrets secrets) {
        this.secrets = secrets;
    }

    /** The cookie for the answer to the query that was looked at last, if {@link CookieStatus#isAnswered}; not to be written to. */
    byte[] answer() {
        return answer;
    }

    /**
     * Looks at a query's cookie and makes the one for its answer: the same again while it is fresh.
     *
     * @param isIpv6 the client's family; its address as {@link Networks} has it
     * @param epochSecond now
     */
    CookieStatus look(byte[] message, EdnsOptions options, boolean isIpv6, long high, long low, long epochSecond) {
        if (!options.hasCookie()) {
            return CookieStatus.NONE;
        }
        int length = options.cookieLength();
        if (length != CLIENT_OCTETS && (length < SHORTEST_WITH_SERVER || length > LONGEST)) {
            return CookieStatus.MALFORMED;
        }
        int at = options.cookieAt();
        int age = 0;
        CookieStatus status = length == CLIENT_OCTETS ? CookieStatus.CLIENT_ONLY : CookieStatus.INVALID;
        if (length == OCTETS && message[at + CLIENT_OCTETS] == VERSION) {
            // Serial number arithmetic (RFC 1982): what counts is the difference.
            age = (int) epochSecond - (int) TIME.get(message, at + 12);
            if (isTimely(age) && isOurs(message, at, isIpv6, high, low, epochSecond - age)) {
                status = CookieStatus.VALID;
            }
        }
        boolean isFresh = status == CookieStatus.VALID && age >= 0 && age <= RENEW_AFTER_SECONDS;
        System.arraycopy(message, at, answer, 0, isFresh ? OCTETS : CLIENT_OCTETS);
        if (!isFresh) {
            make(isIpv6, high, low, epochSecond);
        }
        return status;
    }

    private static boolean isTimely(int age) {
        return age <= AGE_MAX_SECONDS && age >= -AHEAD_MAX_SECONDS;
    }

    private boolean isOurs(byte[] message, int at, boolean isIpv6, long high, long low, long madeAt) {
        long client = (long) WORD.get(message, at);
        long head = (long) WORD.get(message, at + CLIENT_OCTETS);
        long shown = (long) WORD.get(message, at + 16);
        for (CookieSecret secret : secrets.now().at(madeAt)) {
            if (hash(secret, client, head, isIpv6, high, low) == shown) {
                return true;
            }
        }
        return false;
    }

    private void make(boolean isIpv6, long high, long low, long epochSecond) {
        WORD.set(answer, 8, (long) VERSION);
        TIME.set(answer, 12, (int) epochSecond);
        CookieSecret secret = secrets.now().at(epochSecond)[0];
        long made = hash(secret, (long) WORD.get(answer, 0), (long) WORD.get(answer, 8), isIpv6, high, low);
        WORD.set(answer, 16, made);
    }

    private long hash(CookieSecret secret, long client, long head, boolean isIpv6, long high, long low) {
        hash.begin(secret.low(), secret.high());
        hash.word(client);
        hash.word(head);
        if (!isIpv6) {
            return hash.finish(Integer.toUnsignedLong(Integer.reverseBytes((int) low)), 20);
        }
        hash.word(Long.reverseBytes(high));
        hash.word(Long.reverseBytes(low));
        return hash.finish(0, 32);
    }
}
