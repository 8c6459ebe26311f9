package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code edge zone set}: how a zone answers, and how its origins are asked. */
@Command(description = "Sets how a zone answers and how its origins are asked; without options, shows it.")
final class ZoneSetCommand extends ShowCommand<JsonObject> {
    private static final String DNS = "/dns_settings";
    private static final String PROXY = "proxy";
    private static final String CLIENT_PORTS = "client_ports";

    @Mixin
    final ZoneArgument zone = new ZoneArgument();

    @Option(
            names = "--flatten-all",
            negatable = true,
            fallbackValue = "true",
            description = "Answer the addresses behind every CNAME as its own, or not.")
    @Nullable
    Boolean flattensAll;

    @Option(
            names = "--dns-only",
            negatable = true,
            fallbackValue = "true",
            description = "Answer the contents of proxied records, or the edge again.")
    @Nullable
    Boolean isDnsOnly;

    @Option(
            names = "--multi-provider",
            negatable = true,
            fallbackValue = "true",
            description = "Answer the zone's own NS records beside those of the edge, or leave them out.")
    @Nullable
    Boolean isMultiProvider;

    @Option(
            names = "--name-servers",
            description = "Give the zone the name servers that the node's setting zones.name-servers says now.")
    boolean takesNameServers;

    @Option(names = "--ns-ttl", paramLabel = "SECONDS", description = "The TTL of the zone's NS set, 30 to 86400.")
    @Nullable
    Integer nsTtl;

    @Option(
            names = "--soa",
            paramLabel = "FIELD=VALUE",
            mapFallbackValue = "",
            description =
                    "A field of the zone's SOA: mname, rname, or in seconds refresh, retry, expire, min_ttl or ttl; without a value it"
                            + " comes from the node again. May stand several times.")
    final Map<String, String> soa = new LinkedHashMap<>();

    @Option(
            names = "--tls",
            paramLabel = "MODE",
            description =
                    "How origins are spoken to: off, flexible, full, strict or origin_pull; node is what the node's setting"
                            + " origin.tls says.")
    @Nullable
    String tls;

    @Option(
            names = "--pass-origin-errors",
            negatable = true,
            fallbackValue = "true",
            description =
                    "Pass on what origins answer with a status of 500 to 599 (default), or show the zone's own page for it.")
    @Nullable
    Boolean passesOriginErrors;

    @Option(
            names = "--client-ports",
            paramLabel = "PORTS",
            description =
                    "The public ports on which the zone's hosts are served, such as 80,443,8443; node is what the node's settings"
                            + " proxy.http-ports and proxy.https-ports say.")
    @Nullable
    String clientPorts;

    @Mixin
    final OriginOptions origin = new OriginOptions();

    ZoneSetCommand(Environment environment) {
        super(environment);
    }

    @Override
    JsonObject read(NodeClient client) {
        JsonObject wanted = new JsonObject();
        JsonFields.put(wanted, "flatten_all_cnames", flattensAll);
        JsonFields.put(wanted, "multi_provider", isMultiProvider);
        JsonFields.put(wanted, "ns_ttl", nsTtl);
        if (takesNameServers) {
            wanted.put("nameservers", new JsonObject().put("type", "cloudflare.standard"));
        }
        JsonFields.put(wanted, "zone_mode", isDnsOnly == null ? null : isDnsOnly ? "dns_only" : "standard");
        if (!soa.isEmpty()) {
            JsonObject fields = new JsonObject();
            soa.forEach((field, value) -> fields.put(field, soaValue(value)));
            wanted.put("soa", fields);
        }
        String path = Zones.path(zone.find(client));
        JsonObject proxy = proxySettings(client, path + "/settings");
        JsonObject dns = wanted.isEmpty() ? client.read(path + DNS) : client.call(HttpMethod.PATCH, path + DNS, wanted);
        return dns.put(PROXY, proxy);
    }

    /** All of them by id, after those were changed that the user has given. */
    private JsonObject proxySettings(NodeClient client, String path) {
        JsonObject wanted = new JsonObject();
        origin.addTo(wanted, environment().folder());
        if (tls != null) {
            wanted.put("ssl", tls.equals("node") ? null : tls);
        }
        if (passesOriginErrors != null) {
            wanted.put("origin_error_page_pass_thru", passesOriginErrors ? "on" : "off");
        }
        if (clientPorts != null) {
            wanted.put(CLIENT_PORTS, clientPorts.equals("node") ? null : ports(clientPorts));
        }
        JsonArray items = new JsonArray();
        wanted.forEach(
                item -> items.add(new JsonObject().put("id", item.getKey()).put("value", item.getValue())));
        if (!items.isEmpty()) {
            client.envelope(HttpMethod.PATCH, path, new JsonObject().put("items", items));
        }
        JsonObject settings = new JsonObject();
        client.array(path).forEach(setting -> settings.put(setting.getString("id"), setting.getValue("value")));
        return settings;
    }

    @Override
    void show(NodeClient client, JsonObject settings) {
        say("Flattens all CNAMEs  " + (settings.getBoolean("flatten_all_cnames") ? "yes" : "no"));
        say("Other name servers   " + (settings.getBoolean("multi_provider") ? "answered" : "left out"));
        say("Mode                 " + settings.getString("zone_mode"));
        say("TTL of its NS set    " + settings.getInteger("ns_ttl"));
        say("SOA                  " + settings.getJsonObject("soa").encode());
        JsonObject proxy = settings.getJsonObject(PROXY);
        String said = OriginText.of(proxy);
        say("Served on ports      " + ports(proxy.getJsonArray(CLIENT_PORTS)));
        say("TLS to origins       " + proxy.getString("ssl"));
        say("Errors of origins    "
                + (proxy.getString("origin_error_page_pass_thru").equals("on") ? "pass" : "get the zone's own pages"));
        say("Origins              " + (said.isEmpty() ? "as their records say" : said));
    }

    /** What is no number is left to the node, which says so. */
    private static JsonArray ports(String text) {
        JsonArray ports = new JsonArray();
        for (String port : text.split(",", -1)) {
            ports.add(port.strip().matches("[0-9]{1,9}") ? (Object) Integer.valueOf(port.strip()) : port);
        }
        return ports;
    }

    private static String ports(@Nullable JsonArray own) {
        return own == null
                ? "as the node says"
                : own.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static @Nullable Object soaValue(String text) {
        if (text.isEmpty()) {
            return null;
        }
        return text.matches("[0-9]{1,9}") ? (Object) Integer.valueOf(text) : text;
    }
}
