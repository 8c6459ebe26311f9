package io.anycastle.core.rdata;

import java.util.Optional;
import org.xbill.DNS.Address;

/** IP addresses as texts, without ever asking the DNS for one. */
final class Addresses {
    private Addresses() {}

    /** The four octets of dotted decimal text; short forms, leading zeros and other radixes are no addresses. */
    static Optional<byte[]> ipv4(String text) {
        byte[] octets = new byte[4];
        int part = 0;
        int value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (value < 0 || part == 4) {
                    return Optional.empty();
                }
                octets[part++] = (byte) value;
                value = -1;
            } else if (c < '0' || c > '9' || value == 0) {
                return Optional.empty();
            } else {
                value = Math.max(value, 0) * 10 + (c - '0');
                if (value > 255) {
                    return Optional.empty();
                }
            }
        }
        return part == 4 ? Optional.of(octets) : Optional.empty();
    }

    /** The sixteen octets of any spelling of RFC 4291 section 2.2, without a zone index. */
    static Optional<byte[]> ipv6(String text) {
        return text.indexOf(':') < 0 ? Optional.empty() : Optional.ofNullable(Address.toByteArray(text, Address.IPv6));
    }

    static String text(byte[] octets) {
        return octets.length == 4 ? ipv4Text(octets, 0) : ipv6Text(octets);
    }

    private static String ipv4Text(byte[] octets, int from) {
        return (octets[from] & 255)
                + "."
                + (octets[from + 1] & 255)
                + "."
                + (octets[from + 2] & 255)
                + "."
                + (octets[from + 3] & 255);
    }

    /** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as {@code ::}. */
    private static String ipv6Text(byte[] octets) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (octets[2 * i] & 255) << 8 | (octets[2 * i + 1] & 255);
        }
        int[] run = longestZeroRun(groups);
        boolean mapped = run[0] == 0 && run[1] == 5 && groups[5] == 0xffff;
        if (mapped) {
            return "::ffff:" + ipv4Text(octets, 12);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == run[0]) {
                text.append("::");
                i += run[1] - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /** Where the run begins and its length; (-1, 1) when no two zero groups follow each other. */
    private static int[] longestZeroRun(int[] groups) {
        int[] best = {-1, 1};
        int start = -1;
        for (int i = 0; i <= groups.length; i++) {
            if (i < groups.length && groups[i] == 0) {
                start = start < 0 ? i : start;
            } else if (start >= 0) {
                if (i - start > best[1]) {
                    best = new int[] {start, i - start};
                }
                start = -1;
            }
        }
        return best;
    }
}
