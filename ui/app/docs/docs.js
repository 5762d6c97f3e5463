/** Draws the API's description with Swagger UI, from the hub that served this page. */
const place = document.querySelector('#docs');

// Nothing is sent anywhere but to the hub: no validator, no login by URL.
globalThis['SwaggerUIBundle']?.({
  url: new URL('../api/openapi.json', location.href).href,
  domNode: place,
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  queryConfigEnabled: false,
});
