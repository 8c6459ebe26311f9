package io.anycastle.app.api;

import io.anycastle.app.config.ClusterKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ListenerAddress;
import io.anycastle.app.config.ProxyKeys;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.core.model.Soa;
import io.anycastle.core.zonefile.ZoneFileLimits;
import io.anycastle.core.zonefile.ZoneFileWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The admin API's settings.
 *
 * @param colo the site code in {@code cf-ray}
 * @param uploadFolder where uploads wait to be read
 * @param failedLogins wrong tokens per client address and minute
 * @param bodyMax bytes of a JSON body
 * @param importMax bytes of an uploaded zone file
 * @param imports what else bounds one
 * @param restoreMax bytes of an uploaded backup
 * @param recordsPerChange a restore changes a zone in steps of so many records
 * @param writeTimeout the longest time of a change, with all its tries
 * @param idle how long a connection may be silent
 * @param zoneFiles how zones are exported
 * @param zoneDefaults how zones answer without settings of their own
 */
public record AdminConfig(
        List<ListenerAddress> listen,
        String colo,
        Path uploadFolder,
        int failedLogins,
        long bodyMax,
        long importMax,
        ZoneFileLimits imports,
        long restoreMax,
        int recordsPerChange,
        Duration writeTimeout,
        Duration idle,
        ZoneFileWriter zoneFiles,
        ZoneDefaults zoneDefaults) {
    /**
     * What holds for zones that set nothing of their own.
     *
     * @param nsTtlSeconds of the apex NS set
     * @param tls how origins are spoken to
     * @param sitePageMax bytes of a page of a zone's own
     * @param retryAfter when visitors may try again that a zone's maintenance keeps out
     */
    public record ZoneDefaults(int nsTtlSeconds, Soa soa, OriginTlsMode tls, int sitePageMax, Duration retryAfter) {}

    public AdminConfig {
        listen = List.copyOf(listen);
    }

    public static AdminConfig of(EdgeConfig config, Path uploadFolder) {
        return new AdminConfig(
                config.value(Keys.ADMIN_LISTEN),
                config.value(Keys.COLO),
                uploadFolder,
                config.value(Keys.ADMIN_FAILED_LOGINS),
                config.value(Keys.ADMIN_BODY_MAX),
                config.value(Keys.ADMIN_IMPORT_MAX),
                new ZoneFileLimits(
                        config.value(Keys.ADMIN_IMPORT_ERRORS),
                        config.value(Keys.ADMIN_IMPORT_GENERATED),
                        config.value(Keys.ADMIN_IMPORT_ENTRY)),
                config.value(Keys.ADMIN_RESTORE_MAX),
                config.value(Keys.ADMIN_RESTORE_STEP),
                config.value(ClusterKeys.WRITE_TIMEOUT),
                config.value(Keys.ADMIN_IDLE),
                new ZoneFileWriter(config.soa(), config.value(Keys.NAME_SERVER_TTL)),
                new ZoneDefaults(
                        config.value(Keys.NAME_SERVER_TTL),
                        config.soa(),
                        tls(config),
                        config.value(ProxyKeys.SITE_PAGE_MAX),
                        config.value(ProxyKeys.MAINTENANCE_RETRY_AFTER)));
    }

    private static OriginTlsMode tls(EdgeConfig config) {
        String mode = config.value(ProxyKeys.ORIGIN_TLS).name().toLowerCase(Locale.ROOT);
        return OriginTlsMode.named(mode).orElseThrow();
    }
}
