package io.anycastle.proxy.log;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** What takes the lines of a log. Belongs to the thread that writes. */
interface LogSink extends Closeable {
    /** Writes whole lines. */
    void write(byte[] octets, int length) throws IOException;

    static LogSink of(AccessLogConfig config) throws IOException {
        return switch (config.target()) {
            case OUTPUT -> new Output();
            case FILE -> new RotatedFile(config.file(), config.fileBytesMax(), config.filesKept());
            case SYSLOG -> new SyslogSink(config.syslog().orElseThrow());
        };
    }

    /** The standard output, which others write to as well: whole lines at once. */
    final class Output implements LogSink {
        private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);

        @Override
        public void write(byte[] octets, int length) throws IOException {
            out.write(octets, 0, length);
        }

        @Override
        public void close() {
            // the program's own
        }
    }

    /** Where nobody is to read it. */
    final class Nowhere implements LogSink {
        @Override
        public void write(byte[] octets, int length) {
            // as it should be
        }

        @Override
        public void close() {
            // there is nothing
        }
    }
}
