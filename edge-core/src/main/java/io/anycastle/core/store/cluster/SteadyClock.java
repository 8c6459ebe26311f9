package io.anycastle.core.store.cluster;

import com.hazelcast.internal.util.Clock;
import java.util.concurrent.TimeUnit;

/**
 * The clock that Hazelcast measures heartbeats and time-outs with: the machine's when this class was loaded, and from then on as much later
 * as {@link System#nanoTime} says. With the machine's own a step of it by half the heartbeat time-out makes members leave each other. Made
 * by Hazelcast, which finds it by its name. Any thread.
 */
public final class SteadyClock extends Clock.ClockImpl {
    /** The system property that names the clock to Hazelcast. */
    private static final String PROPERTY = "com.hazelcast.clock.impl";

    private static final long BEGAN_MS = System.currentTimeMillis();
    private static final long BEGAN_NANOS = System.nanoTime();

    /** Makes this the clock of all Hazelcast instances of the JVM; to be called before the first is made. */
    static void install() {
        System.setProperty(PROPERTY, SteadyClock.class.getName());
    }

    @Override
    protected long currentTimeMillis() {
        return BEGAN_MS + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - BEGAN_NANOS);
    }
}
