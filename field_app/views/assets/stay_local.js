// A library inside Flet's client asks a CDN for a script that Rinnalla never uses. The content
// security policy would stop it with an error in the console; here it is never asked for.
(() => {
  const own = Object.getOwnPropertyDescriptor(HTMLScriptElement.prototype, "src");
  Object.defineProperty(HTMLScriptElement.prototype, "src", {
    ...own,
    set(wanted) {
      const url = new URL(String(wanted), document.baseURI);
      if (url.origin === location.origin || url.protocol === "blob:") {
        own.set.call(this, wanted);
      } else {
        setTimeout(() => this.dispatchEvent(new Event("error")));
      }
    },
  });
})();
