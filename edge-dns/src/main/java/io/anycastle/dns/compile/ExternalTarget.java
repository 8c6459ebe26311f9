package io.anycastle.dns.compile;

import io.anycastle.core.model.DomainName;
import io.anycastle.dns.wire.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A name that flattened CNAMEs lead to, and its addresses outside our zones as they were last learnt. One writer, the flattener; any
 * thread reads.
 */
public final class ExternalTarget {
    private final DomainName name;
    private volatile @Nullable Learnt ipv4;
    private volatile @Nullable Learnt ipv6;
    private volatile boolean missed;

    ExternalTarget(DomainName name) {
        this.name = name;
    }

    /**
     * What is known about one family.
     *
     * @param addresses null when the name has none
     * @param untilMillis since the epoch, when the answer's own TTL is over; it is answered beyond that until something newer is learnt
     * @param ttlSeconds the answer's own TTL, which nobody is told more than
     */
    public record Learnt(@Nullable RrSet addresses, long untilMillis, int ttlSeconds) {
        /** The addresses in wire form. */
        public List<byte[]> octets() {
            List<byte[]> octets = new ArrayList<>();
            byte[] records = addresses == null ? new byte[0] : addresses.plain();
            for (int at = 0; at < records.length; at += 12 + Wire.u16(records, at + 10)) {
                octets.add(Arrays.copyOfRange(records, at + 12, at + 12 + Wire.u16(records, at + 10)));
            }
            return octets;
        }
    }

    public DomainName name() {
        return name;
    }

    /** What is known for that type of question, A or AAAA; null when nothing ever was. */
    public @Nullable Learnt learnt(int type) {
        return type == Wire.TYPE_A ? ipv4 : ipv6;
    }

    /** Answers from now on; one write. */
    public void learn(int type, Learnt addresses) {
        if (type == Wire.TYPE_A) {
            ipv4 = addresses;
        } else {
            ipv6 = addresses;
        }
    }

    /** Notes that a query could not be answered for want of an address. Writes once, however many such queries come. */
    public void miss() {
        if (!missed) {
            missed = true;
        }
    }

    /** Whether a query has missed an address since this was asked last. */
    public boolean takeMissed() {
        boolean was = missed;
        if (was) {
            missed = false;
        }
        return was;
    }
}
