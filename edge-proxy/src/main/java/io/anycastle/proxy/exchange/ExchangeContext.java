package io.anycastle.proxy.exchange;

import io.anycastle.core.view.CurrentView;
import io.anycastle.proxy.ProxyConfig;
import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.origin.AddressGuard;
import io.anycastle.proxy.origin.OriginAddresses;
import io.anycastle.proxy.origin.OriginClient;

/**
 * What the steps of one event loop work with.
 *
 * @param client the event loop's own; the rest is shared
 */
public record ExchangeContext(
        ProxyConfig config,
        ProxyCounters counters,
        CurrentView view,
        OriginAddresses addresses,
        AddressGuard guard,
        OriginClient client) {}
