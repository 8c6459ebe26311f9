package io.anycastle.proxy.exchange;

import io.anycastle.core.model.OriginBalance;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.origin.HashKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What decides which of several origins a request goes to, where that depends on who sends it. Pure. */
final class BalanceKey {
    /** Octets of an IPv6 address that tell one network from another: the rest changes while a client stays the same. */
    private static final int IPV6_NETWORK = 8;

    private BalanceKey() {}

    /** {@link HashKey#NONE} where nothing decides. */
    static long of(Exchange exchange, OriginBalance balance) {
        return switch (balance.method()) {
            case ROUND_ROBIN, LEAST_OUTSTANDING -> HashKey.NONE;
            case ADDRESS_HASH -> ofAddress(exchange.client().getAddress());
            case COOKIE_HASH -> ofCookie(exchange.fields(), balance.cookie());
        };
    }

    static long ofAddress(byte[] address) {
        return HashKey.of(address, 0, Math.min(address.length, IPV6_NETWORK));
    }

    /** Of the first cookie of that name (RFC 6265 section 5.4). */
    static long ofCookie(Fields fields, String cookie) {
        byte[] name = cookie.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = fields.first(FieldName.COOKIE); i >= 0; i = fields.next(FieldName.COOKIE, i + 1)) {
            long key = ofCookie(fields.octets(), fields.valueFrom(i), fields.valueTo(i), name);
            if (key != HashKey.NONE) {
                return key;
            }
        }
        return HashKey.NONE;
    }

    private static long ofCookie(byte[] octets, int from, int to, byte[] name) {
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && octets[end] != ';') {
                end++;
            }
            while (at < end && octets[at] == ' ') {
                at++;
            }
            int value = at + name.length + 1;
            boolean isNamed = value <= end
                    && octets[value - 1] == '='
                    && Arrays.equals(octets, at, value - 1, name, 0, name.length);
            if (isNamed && value < end) {
                return HashKey.of(octets, value, end);
            }
            at = end + 1;
        }
        return HashKey.NONE;
    }
}
