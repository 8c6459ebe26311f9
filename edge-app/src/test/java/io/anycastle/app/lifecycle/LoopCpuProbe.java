package io.anycastle.app.lifecycle;

import io.anycastle.app.TestNode;
import io.anycastle.app.cluster.Membership;
import io.anycastle.app.config.ConfigReader;
import io.anycastle.app.config.EdgeConfig;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.internal.VertxInternal;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A node in a process of its own that prints how much CPU time its event loops spent at one task at most, from its start until it counts
 * two members: {@code CONFIG [TOKEN]}. Without a token it begins a cluster and prints one.
 */
final class LoopCpuProbe {
    private LoopCpuProbe() {}

    public static void main(String[] args) throws Exception {
        EdgeConfig config = ConfigReader.read(Path.of(args[0]));
        Optional<String> token = args.length > 1 ? Optional.of(args[1]) : Optional.empty();
        try (EdgeNode node = EdgeNode.start(config, token)) {
            AtomicLong most = watch(node.vertx());
            Membership membership = node.membership();
            TestNode.await("the store", () -> node.store().takesChanges());
            if (token.isEmpty()) {
                System.out.println(
                        "token " + membership.invite(Duration.ofHours(1)).text());
            }
            TestNode.await("two members", () -> node.store().status().members() == 2);
            System.out.println("most " + TimeUnit.NANOSECONDS.toMicros(most.get()));
            System.in.read();
        }
    }

    /**
     * Has each loop note its thread's CPU time again and again: the notes wait in one queue with all tasks, so between two of them lies a
     * task or none.
     */
    private static AtomicLong watch(VertxInternal vertx) {
        AtomicLong most = new AtomicLong();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (EventExecutor loop : vertx.nettyEventLoopGroup()) {
            Runnable note = new Runnable() {
                private long before = -1;

                @Override
                public void run() {
                    long now = threads.getCurrentThreadCpuTime();
                    if (before >= 0) {
                        most.accumulateAndGet(now - before, Math::max);
                    }
                    before = now;
                }
            };
            loop.scheduleAtFixedRate(note, 0, 1, TimeUnit.MILLISECONDS);
        }
        return most;
    }
}
