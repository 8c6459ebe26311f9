package io.anycastle.dns.listen;

import io.anycastle.dns.UdpConfig.Driver;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which UDP driver serves.
 *
 * @param problem why the one that was asked for cannot
 */
record DriverChoice(Driver driver, Optional<String> problem) {
    private static final Logger LOG = LoggerFactory.getLogger(DriverChoice.class);

    /**
     * @param nativeTransport whether Vert.x's event loops are epoll's
     */
    static DriverChoice of(Driver asked, boolean nativeTransport) {
        return switch (asked) {
            case AUTO -> best(nativeTransport);
            case FFM -> new DriverChoice(asked, FfmSelfTest.run().map(why -> "UDP driver ffm cannot be used: " + why));
            case EPOLL ->
                new DriverChoice(
                        asked,
                        nativeTransport
                                ? Optional.empty()
                                : Optional.of("UDP driver epoll needs Vert.x's native transport, which is not in use"));
            case NIO ->
                new DriverChoice(
                        asked,
                        nativeTransport
                                ? Optional.of("UDP driver nio needs Vert.x without its native transport")
                                : Optional.empty());
        };
    }

    private static DriverChoice best(boolean nativeTransport) {
        Optional<String> why = FfmSelfTest.run();
        if (why.isEmpty()) {
            return new DriverChoice(Driver.FFM, Optional.empty());
        }
        Driver next = nativeTransport ? Driver.EPOLL : Driver.NIO;
        LOG.warn("UDP driver ffm cannot be used, {} serves: {}", next, why.get());
        return new DriverChoice(next, Optional.empty());
    }
}
