package io.anycastle.proxy.exchange;

import io.anycastle.core.geo.CurrentGeo;
import io.anycastle.core.view.CurrentView;
import io.anycastle.proxy.ProxyConfig;
import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.coding.CodingRules;
import io.anycastle.proxy.coding.EncoderPool;
import io.anycastle.proxy.health.HealthChecks;
import io.anycastle.proxy.log.AccessLogLines;
import io.anycastle.proxy.log.LogTail;
import io.anycastle.proxy.log.LoopTail;
import io.anycastle.proxy.origin.AddressGuard;
import io.anycastle.proxy.origin.OriginAddresses;
import io.anycastle.proxy.origin.OriginPool;
import io.anycastle.proxy.origin.OutlierDetection;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of one event loop work with.
 *
 * @param origins the event loop's own, as {@code hosts}, {@code replays} and {@code log} are; the rest is shared
 * @param ports which zones are served where
 * @param encoders the event loop's own
 * @param log null when requests are not logged
 * @param tail the event loop's own
 */
public record ExchangeContext(
        ProxyConfig config,
        ProxyCounters counters,
        CurrentView view,
        OriginAddresses addresses,
        AddressGuard guard,
        OutlierDetection health,
        HealthChecks checks,
        CurrentGeo geo,
        NetworkRates rates,
        OriginPool origins,
        HostCache hosts,
        ReplayMemory replays,
        ServedPorts ports,
        CodingRules codings,
        EncoderPool encoders,
        @Nullable AccessLogLines log,
        LoopTail tail) {
    public ExchangeContext(
            ProxyConfig config,
            ProxyCounters counters,
            CurrentView view,
            OriginAddresses addresses,
            AddressGuard guard,
            OutlierDetection health,
            HealthChecks checks,
            CurrentGeo geo,
            NetworkRates rates,
            OriginPool origins,
            EncoderPool encoders,
            @Nullable AccessLogLines log,
            LogTail tail) {
        this(
                config,
                counters,
                view,
                addresses,
                guard,
                health,
                checks,
                geo,
                rates,
                origins,
                new HostCache(),
                new ReplayMemory(config.origins().retry()),
                new ServedPorts(config),
                new CodingRules(config.reply().compression()),
                encoders,
                log,
                new LoopTail(tail));
    }
}
