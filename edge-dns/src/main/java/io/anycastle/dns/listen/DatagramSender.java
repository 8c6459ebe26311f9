package io.anycastle.dns.listen;

import io.anycastle.dns.DnsCounters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the answers of a batch from one socket. Belongs to one thread. */
final class DatagramSender {
    private static final Logger LOG = LoggerFactory.getLogger(DatagramSender.class);

    private final SystemCalls calls;
    private final int fd;
    private final DnsCounters.Lane counters;

    DatagramSender(SystemCalls calls, int fd, DnsCounters.Lane counters) {
        this.calls = calls;
        this.fd = fd;
        this.counters = counters;
    }

    /** A datagram that the system refuses (its asker unreachable, say) is left out; the others still go. */
    void send(DatagramBatch batch) {
        int from = 0;
        while (from < batch.datagrams()) {
            int sent = calls.send(fd, batch.toSend(from), batch.datagrams() - from);
            if (sent > 0) {
                if (batch.hasSegments()) {
                    countSegments(batch, from, from + sent);
                }
                from += sent;
            } else if (sent == 0 || calls.errno() != SystemCalls.EINTR) {
                refused(batch, from);
                from++;
            }
        }
    }

    private void countSegments(DatagramBatch batch, int from, int to) {
        for (int datagram = from; datagram < to; datagram++) {
            int segments = batch.segments(datagram);
            if (segments > 1) {
                counters.segments(segments);
            }
        }
    }

    /** What cannot go as segments goes one by one: not every kernel and way out can part them. */
    private void refused(DatagramBatch batch, int datagram) {
        int errno = calls.errno();
        int segments = batch.segments(datagram);
        if (segments == 1 || !canBeForSegments(errno)) {
            counters.dropped(segments);
            return;
        }
        int sent = 0;
        for (int segment = 0; segment < segments; segment++) {
            batch.leave(datagram, segment);
            sent += Math.max(0, calls.send(fd, batch.toSend(datagram), 1));
        }
        counters.dropped(segments - sent);
        if (sent > 0) {
            LOG.info("short answers to one client go one by one: the system does not part them (errno {})", errno);
            batch.joinNone();
        }
    }

    /** A full socket, say, would refuse each of them too, and each after a wait. */
    private static boolean canBeForSegments(int errno) {
        return errno == SystemCalls.EINVAL || errno == SystemCalls.EIO || errno == SystemCalls.EMSGSIZE;
    }
}
