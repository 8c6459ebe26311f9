package io.anycastle.core.model;

/** The one way an IP address is written. */
public final class AddressText {
    private AddressText() {}

    /** Dotted decimal for four octets, RFC 5952 for sixteen. */
    public static String of(byte[] octets) {
        return octets.length == 4 ? ipv4(octets, 0) : ipv6(octets);
    }

    private static String ipv4(byte[] octets, int from) {
        return (octets[from] & 255)
                + "."
                + (octets[from + 1] & 255)
                + "."
                + (octets[from + 2] & 255)
                + "."
                + (octets[from + 3] & 255);
    }

    /** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as {@code ::}. */
    private static String ipv6(byte[] octets) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (octets[2 * i] & 255) << 8 | (octets[2 * i + 1] & 255);
        }
        int[] run = longestZeroRun(groups);
        boolean mapped = run[0] == 0 && run[1] == 5 && groups[5] == 0xffff;
        if (mapped) {
            return "::ffff:" + ipv4(octets, 12);
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
