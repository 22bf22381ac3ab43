package io.celeriac.bench.subject;

import java.io.IOException;
import java.io.OutputStream;

/** The harness, from the side of its children: their standard input, which closes when it ends, however it came. */
final class Parent {

    private Parent() {}

    /** Ends this JVM with the harness, at once: what it leaves behind is deleted anyway. */
    static void endWithIt() {
        var watch = new Thread(Parent::awaitEnd, "end-with-harness");
        watch.setDaemon(true);
        watch.start();
    }

    private static void awaitEnd() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) { // it has gone all the same
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0);
    }
}
