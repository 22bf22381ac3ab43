package io.celeriac.testkit;

import java.util.stream.Collectors;

/** A test run with a broker and a database, for a test to kill. */
final class KilledTestRunMain {

    private KilledTestRunMain() {}

    public static void main(String[] args) throws InterruptedException {
        TestStack.kafka();
        TestStack.database();
        System.out.println("CHILDREN "
                + ProcessHandle.current()
                        .descendants()
                        .map(child -> String.valueOf(child.pid()))
                        .collect(Collectors.joining(" ")));
        System.out.println("UP");
        Thread.sleep(Long.MAX_VALUE);
    }
}
