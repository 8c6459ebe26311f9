package io.anycastle.proxy.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** Knows since when the other side has taken nothing of what is queued for it. Belongs to the connection. */
public final class OutputWatch {
    private long pendingBytes;
    private long progressBytes;
    private long sinceNanos;

    /** Looks at the queue; whether nothing of it has moved for so long. */
    public boolean isStuckFor(long nanos, Channel channel, long nowNanos) {
        ChannelOutboundBuffer queued = channel.unsafe().outboundBuffer();
        boolean isEmpty = queued == null || queued.totalPendingWriteBytes() == 0;
        long pending = isEmpty ? 0 : queued.totalPendingWriteBytes();
        long progress = isEmpty ? 0 : queued.currentProgress();
        if (isEmpty || pending != pendingBytes || progress != progressBytes) {
            pendingBytes = pending;
            progressBytes = progress;
            sinceNanos = nowNanos;
            return false;
        }
        return nowNanos - sinceNanos > nanos;
    }
}
