package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code edge zone client-certificate}: what a zone's origins are shown that ask for a certificate. */
@Command(
        description =
                "Gives the edge a certificate for a zone's origins that ask for one, in TLS; without options, shows it. The key lies sealed"
                        + " in the store, and is shown to nobody.")
final class ClientCertificateCommand extends ShowCommand<JsonObject> {
    @Mixin
    final ZoneArgument zone = new ZoneArgument();

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "The certificate in PEM form, and behind it those that vouch for it.")
    @Nullable
    Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "Its private key in PEM form (PKCS#8).")
    @Nullable
    Path key;

    @Option(names = "--remove", description = "Show no certificate any more.")
    boolean isRemoved;

    ClientCertificateCommand(Environment environment) {
        super(environment);
    }

    @Override
    JsonObject read(NodeClient client) {
        if ((certificate == null) != (key == null)) {
            throw CommandException.usage("--certificate and --key belong together");
        }
        String path = Zones.path(zone.find(client)) + "/origin_tls_client_auth";
        if (certificate != null && key != null) {
            Path folder = environment().folder();
            JsonObject pair = new JsonObject()
                    .put("certificate", TextFile.read(folder, certificate))
                    .put("private_key", TextFile.read(folder, key));
            return client.call(HttpMethod.PUT, path, pair);
        }
        return isRemoved ? client.call(HttpMethod.DELETE, path, null) : client.read(path);
    }

    @Override
    void show(NodeClient client, JsonObject shown) {
        if (shown.getString("certificate") == null) {
            say("Origins are shown no certificate.");
            return;
        }
        say("Subject   " + shown.getString("subject"));
        say("Issuer    " + shown.getString("issuer"));
        say("Ends on   " + shown.getString("expires_on"));
    }
}
