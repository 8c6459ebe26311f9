package io.anycastle.app.cli;

import java.util.concurrent.CountDownLatch;

/** Keeps the program alive until a signal ends the JVM, and closes what runs before it goes. */
final class UntilStopped {
    private final CountDownLatch never = new CountDownLatch(1);

    /** @param running closed by the JVM's shutdown, which SIGTERM and SIGINT start; the exit code is then 143 or 130 */
    UntilStopped(AutoCloseable running) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(running), "stop"));
    }

    private static void close(AutoCloseable running) {
        try {
            running.close();
        } catch (Exception e) {
            System.err.println("edge: not stopped cleanly: " + e.getMessage());
        }
    }

    void await() {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
