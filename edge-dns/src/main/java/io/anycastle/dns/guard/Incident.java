package io.anycastle.dns.guard;

import io.anycastle.core.limit.Networks;
import io.anycastle.dns.wire.WireName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.xbill.DNS.Name;

/** An answer over a limit, kept as an example for the log; the next one takes its place. Any thread; allocates only when told. */
final class Incident {
    private final byte[] name = new byte[WireName.OCTETS_MAX];
    private int nameLength;
    private boolean ipv6;
    private long high;
    private long low;
    private Limit limit = Limit.ALL;

    synchronized void note(Limit over, WireName asked, boolean isIpv6, long addressHigh, long addressLow) {
        limit = over;
        nameLength = asked.length();
        System.arraycopy(asked.octets(), 0, name, 0, nameLength);
        ipv6 = isIpv6;
        high = addressHigh;
        low = addressLow;
    }

    /** {@code negatives for x.example.com to 192.0.2.0/24}. */
    synchronized String text(Networks networks) {
        String network = networks.text(ipv6, high, low);
        return nameLength == 0 ? limit.word() + " to " + network : limit.word() + " for " + name() + " to " + network;
    }

    /** Every octet that is no plain letter is escaped, so that it cannot forge a log line. */
    private Name name() {
        try {
            return new Name(Arrays.copyOf(name, nameLength));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
