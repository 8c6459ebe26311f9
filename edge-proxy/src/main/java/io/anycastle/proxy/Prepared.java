package io.anycastle.proxy;

import io.anycastle.core.failure.ListenException;
import io.anycastle.proxy.coding.NativeCodings;
import io.anycastle.proxy.log.AccessLogWriter;
import io.anycastle.proxy.origin.JdkOriginSecurity;
import io.anycastle.proxy.origin.OriginSecurity;
import io.anycastle.proxy.origin.SealedKeys;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What all event loops of the proxy use, and what takes long to make.
 *
 * @param log where requests are logged; empty when they are not
 */
record Prepared(OriginSecurity security, Optional<AccessLogWriter> log) {

    /** Blocks; fails with a {@link ListenException}. */
    static Prepared of(ProxyConfig config, SealedKeys keys) {
        NativeCodings.load();
        OriginSecurity security = JdkOriginSecurity.ofTheSystem(keys);
        if (!config.accessLog().isOn()) {
            return new Prepared(security, Optional.empty());
        }
        try {
            return new Prepared(security, Optional.of(AccessLogWriter.open(config.accessLog())));
        } catch (IOException e) {
            throw new ListenException(List.of("The access log cannot be written: " + e.getMessage() + "."));
        }
    }
}
