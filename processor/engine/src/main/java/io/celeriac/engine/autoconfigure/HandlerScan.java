package io.celeriac.engine.autoconfigure;

import io.celeriac.engine.TaskHandler;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/** Finds the {@link TaskHandler} methods of all beans. */
public final class HandlerScan {

    private static final MetadataLookup<TaskHandler> MARKED =
            method -> AnnotatedElementUtils.findMergedAnnotation(method, TaskHandler.class);

    private HandlerScan() {}

    /** The handlers of all beans. */
    public static HandlerRegistry scan(ListableBeanFactory beans) {
        var handlers = new ArrayList<Handler>();
        types(beans).forEach((name, type) -> handlers.addAll(handlersOf(beans, name, type)));
        return new HandlerRegistry(handlers);
    }

    /** The classes of the beans without proxies, by bean name. */
    static Map<String, Class<?>> types(ListableBeanFactory beans) {
        var types = new LinkedHashMap<String, Class<?>>();
        for (var name : beans.getBeanDefinitionNames()) {
            var type = beans.getType(name, false);
            if (type != null && !ScopedProxyUtils.isScopedTarget(name)) {
                types.put(name, ClassUtils.getUserClass(type));
            }
        }
        return types;
    }

    private static List<Handler> handlersOf(ListableBeanFactory beans, String name, Class<?> type) {
        var methods = MethodIntrospector.selectMethods(type, MARKED);
        return methods.isEmpty() ? List.of() : handlersOf(beans.getBean(name), methods);
    }

    /** The handlers of one object, which need not be a bean; empty if it has none. */
    public static List<Handler> handlersOf(Object bean) {
        return handlersOf(bean, MethodIntrospector.selectMethods(ClassUtils.getUserClass(bean), MARKED));
    }

    private static List<Handler> handlersOf(Object bean, Map<Method, TaskHandler> methods) {
        return methods.entrySet().stream()
                .map(marked -> HandlerRegistry.handler(
                        bean, AopUtils.selectInvocableMethod(marked.getKey(), bean.getClass()), marked.getValue()))
                .toList();
    }
}
