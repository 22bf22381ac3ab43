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

/**
 * Takes the time of each transaction of a program, from its begin until the commit is done, and counts the tasks that it deletes. What is
 * read outside of one is not told. Safe for several threads.
 */
final class WatchedConnections {

    private static final String DELETION = "DELETE FROM task_result ";

    private Histogram micros = new Histogram(3);
    private long deleted;

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

    /** Tasks that were deleted so far, and committed. */
    synchronized long deleted() {
        return deleted;
    }

    private Object connection(Object connection) {
        var current = new Transaction(); // a connection belongs to one thread at a time
        return proxy(connection, (method, arguments) -> {
            var first = arguments == null || arguments.length == 0 ? null : arguments[0];
            if (method.getName().equals("setAutoCommit") && Boolean.FALSE.equals(first)) {
                current.begin();
            }
            var result = invoke(connection, method, arguments);
            if (method.getName().equals("commit")) {
                add(current);
            } else if (result != null && first instanceof String sql && sql.startsWith(DELETION)) {
                return statement(result, current);
            }
            return result;
        });
    }

    private static Object statement(Object statement, Transaction transaction) {
        return proxy(statement, (method, arguments) -> {
            var result = invoke(statement, method, arguments);
            if (method.getName().equals("executeUpdate") && result instanceof Integer rows) {
                transaction.deleted += rows;
            }
            return result;
        });
    }

    private static final class Transaction {

        private long begun;
        private long deleted;

        void begin() {
            begun = System.nanoTime();
            deleted = 0;
        }
    }

    private synchronized void add(Transaction committed) {
        micros.recordValue((System.nanoTime() - committed.begun) / 1_000);
        deleted += committed.deleted;
    }

    @FunctionalInterface
    private interface Call {
        @Nullable
        Object make(Method method, @Nullable Object @Nullable [] arguments) throws Throwable;
    }

    private static Object proxy(Object of, Call call) {
        InvocationHandler handler = (proxy, method, arguments) -> call.make(method, arguments);
        return Proxy.newProxyInstance(
                WatchedConnections.class.getClassLoader(), ClassUtils.getAllInterfaces(of), handler);
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
