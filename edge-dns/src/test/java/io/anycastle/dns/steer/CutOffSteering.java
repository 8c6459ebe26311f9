package io.anycastle.dns.steer;

import io.anycastle.core.geo.GeoFile;
import io.anycastle.core.geo.GeoFileWriter;
import io.anycastle.core.health.Location;
import io.anycastle.core.health.ServingNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** A steering that fails at whatever is asked of it, with an error of the JVM's: its database is mapped from a file that has been cut off. */
public final class CutOffSteering {
    private CutOffSteering() {}

    /** Writes that file and cuts it off. */
    public static CurrentSteering with(Path file) throws IOException {
        Files.write(
                file,
                new GeoFileWriter(24, false)
                        .with("198.51.100.0/24", new Location(45.8, 4.8))
                        .bytes());
        ServingNode node = new ServingNode(
                "a", 1, Optional.of(new Location(52.5, 13.4)), List.of(InetAddress.ofLiteral("192.0.2.1")));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            GeoFile mapped = GeoFile.of(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
            Steering steering = Steering.nearest(List.of(node), SteerConfig.DEFAULTS, GeoPlaces.of(mapped));
            channel.truncate(0);
            return new CurrentSteering(steering, SteerConfig.DEFAULTS, false, Runnable::run);
        }
    }
}
