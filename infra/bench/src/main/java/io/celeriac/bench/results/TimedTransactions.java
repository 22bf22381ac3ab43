package io.celeriac.bench.results;

import io.celeriac.bench.report.Percentiles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import javax.sql.DataSource;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** Takes the time of each transaction, from its begin until the commit is done. Reads without one are not told. Safe for several threads. */
final class TimedTransactions {

    private Histogram micros = new Histogram(3);

    /** The same database, watched. */
    DataSource watched(DataSource database) {
        return (DataSource) proxy(database, (method, arguments) -> {
            var result = invoke(database, method, arguments);
            return method.getName().equals("getConnection") && result != null ? connection(result) : result;
        });
    }

    /** Those since the last time this was asked. */
    synchronized Percentiles take() {
        var taken = micros;
        micros = new Histogram(3);
        return Percentiles.of(taken);
    }

    private Object connection(Object connection) {
        var begun = new long[1]; // a connection belongs to one thread at a time
        return proxy(connection, (method, arguments) -> {
            if (method.getName().equals("setAutoCommit") && arguments != null && Boolean.FALSE.equals(arguments[0])) {
                begun[0] = System.nanoTime();
            }
            var result = invoke(connection, method, arguments);
            if (method.getName().equals("commit")) {
                add((System.nanoTime() - begun[0]) / 1_000);
            }
            return result;
        });
    }

    private synchronized void add(long duration) {
        micros.recordValue(duration);
    }

    @FunctionalInterface
    private interface Call {
        @Nullable
        Object make(Method method, @Nullable Object @Nullable [] arguments) throws Throwable;
    }

    private static Object proxy(Object of, Call call) {
        InvocationHandler handler = (proxy, method, arguments) -> call.make(method, arguments);
        return Proxy.newProxyInstance(
                TimedTransactions.class.getClassLoader(), ClassUtils.getAllInterfaces(of), handler);
    }

    private static @Nullable Object invoke(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
