package io.anycastle.proxy;

import io.anycastle.core.failure.ListenException;
import io.anycastle.core.geo.CurrentGeo;
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
 * @param geo where clients are looked up
 * @param log where requests are logged; empty when they are not
 */
record Prepared(OriginSecurity security, CurrentGeo geo, Optional<AccessLogWriter> log) {

    /** Blocks; fails with a {@link ListenException}. */
    static Prepared of(ProxyConfig config, SealedKeys keys) {
        NativeCodings.load();
        OriginSecurity security = JdkOriginSecurity.ofTheSystem(keys);
        CurrentGeo geo = geo(config);
        return new Prepared(security, geo, log(config));
    }

    /** The same for another configuration: what that leaves as it is, is kept. Blocks; fails with a {@link ListenException}. */
    Prepared next(ProxyConfig before, ProxyConfig after) {
        CurrentGeo files = before.geo().equals(after.geo()) ? geo : geo(after);
        return new Prepared(security, files, before.accessLog().equals(after.accessLog()) ? log : log(after));
    }

    /** The same with another log. */
    Prepared withLog(Optional<AccessLogWriter> other) {
        return new Prepared(security, geo, other);
    }

    private static CurrentGeo geo(ProxyConfig config) {
        try {
            return CurrentGeo.open(config.geo());
        } catch (IOException e) {
            throw new ListenException(List.of("The proxy cannot look clients up: " + e.getMessage() + "."));
        }
    }

    private static Optional<AccessLogWriter> log(ProxyConfig config) {
        if (!config.accessLog().isOn()) {
            return Optional.empty();
        }
        try {
            return Optional.of(AccessLogWriter.open(config.accessLog()));
        } catch (IOException e) {
            throw new ListenException(List.of("The access log cannot be written: " + e.getMessage() + "."));
        }
    }
}
