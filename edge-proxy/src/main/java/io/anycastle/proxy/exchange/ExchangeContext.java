package io.anycastle.proxy.exchange;

import io.anycastle.core.view.CurrentView;
import io.anycastle.proxy.ProxyConfig;
import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.origin.AddressGuard;
import io.anycastle.proxy.origin.OriginAddresses;
import io.anycastle.proxy.origin.OriginPool;

/**
 * What the steps of one event loop work with.
 *
 * @param origins the event loop's own, as {@code hosts} are; the rest is shared
 */
public record ExchangeContext(
        ProxyConfig config,
        ProxyCounters counters,
        CurrentView view,
        OriginAddresses addresses,
        AddressGuard guard,
        OriginPool origins,
        HostCache hosts) {
    public ExchangeContext(
            ProxyConfig config,
            ProxyCounters counters,
            CurrentView view,
            OriginAddresses addresses,
            AddressGuard guard,
            OriginPool origins) {
        this(config, counters, view, addresses, guard, origins, new HostCache());
    }
}
