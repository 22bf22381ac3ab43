/** The REST calls of workers: what they do, drain and resume. */
@NullMarked
package io.celeriac.controlweb.worker;

import org.jspecify.annotations.NullMarked;
