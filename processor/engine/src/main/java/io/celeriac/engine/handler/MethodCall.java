package io.celeriac.engine.handler;

import io.celeriac.contract.control.Heartbeat.ParameterInfo;
import io.celeriac.contract.task.Task;
import io.celeriac.engine.TaskContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls a method of a bean. */
final class MethodCall implements Handler.Call {

    private final Object bean;
    private final Method method;
    private final ArgumentBinder binder;

    MethodCall(Object bean, Method method) {
        this.bean = bean;
        this.method = method;
        this.binder = new ArgumentBinder(method);
        method.setAccessible(true);
    }

    @Override
    public List<ParameterInfo> parameters() {
        return binder.parameters();
    }

    @Override
    public Method method() {
        return method;
    }

    @Override
    public @Nullable Object run(Task task, TaskContext context) throws Exception {
        var arguments = binder.bind(task, context);
        try {
            return method.invoke(bean, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception exception) {
                throw exception;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
