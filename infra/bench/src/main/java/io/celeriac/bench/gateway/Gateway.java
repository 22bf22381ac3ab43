package io.celeriac.bench.gateway;

import io.celeriac.bench.harness.Program;
import io.celeriac.bench.subject.GatewayMain;
import java.time.Duration;
import java.util.Objects;

/** A gateway that runs. */
final class Gateway implements AutoCloseable {

    private final Program program;
    private final String address;

    private Gateway(Program program, String address) {
        this.program = program;
        this.address = address;
    }

    /** Waits until it answers. */
    static Gateway awaited(Program program) {
        program.awaitReady();
        return new Gateway(program, "http://127.0.0.1:" + program.awaitTold(GatewayMain.PORT));
    }

    /** Somebody without credentials, who calls it. */
    Calls calls() {
        return new Calls(address, "");
    }

    /** A program with a token. */
    Calls calls(String token) {
        return new Calls(address, token);
    }

    /** CPU time that it has used, on all cores. */
    Duration cpu() {
        return program.cpu();
    }

    long residentBytes() {
        return Objects.requireNonNullElse(program.residentBytes(), 0L);
    }

    /** In use, garbage included. */
    long heapBytes() {
        return calls().json("/actuator/memory").path("heapBytes").asLong();
    }

    /** In use after a collection. */
    long heapBytesAfterGc() {
        return calls().json("/actuator/memory?collected=true").path("heapBytes").asLong();
    }

    @Override
    public void close() {
        program.close();
    }
}
