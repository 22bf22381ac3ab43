/**
 * Tasks as methods of an interface. An implementation is made at run time; with Spring Boot, it is a bean.
 */
@NullMarked
package io.celeriac.client.typed;

import org.jspecify.annotations.NullMarked;
